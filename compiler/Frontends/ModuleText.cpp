// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ModuleText.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include <optional>
#include <vector>

using namespace lathe;

/// Open brackets at any place, also those that aliases bring along.
static constexpr unsigned kNestingMax = 256;
/// Operators of one expression, which is a tree as deep as it has operators.
static constexpr unsigned kOperatorsMax = 1024;
/// Minuses one behind the other.
static constexpr unsigned kPrefixesMax = 16;
/// Numbers are read in the square of their digits.
static constexpr size_t kWordBytesMax = 4096;
/// Tokens that come from aliases, were each written out where it is named: in
/// one definition, and in the rest of the text.
static constexpr uint64_t kAliasTokensMax = uint64_t(1) << 20;
static constexpr uint64_t kTextTokensMax = uint64_t(1) << 24;

static llvm::Error refuse(const llvm::Twine &what, const llvm::Twine &why = "") {
  return makeFault(FaultCode::GraphTextInvalid, what, why);
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

namespace {
/// As far as the checks need them. Numbers are words, some are several: 0x1F,
/// 1.5, 4x8xf32.
struct Token {
  enum Kind { End, Word, String, Comment, Mark } kind = End;
  llvm::StringRef text;

  bool is(llvm::StringRef wanted) const { return kind == Mark && text == wanted; }
  bool isAtom() const { return kind == Word || kind == String; }
  /// `#name` or `!name`: an alias, unless it names a dialect.
  bool isAlias() const {
    return kind == Word && text.size() > 1 && (text[0] == '#' || text[0] == '!');
  }
  bool isBinaryOperator() const {
    return is("+") || is("-") || is("*") ||
           (kind == Word && (text == "mod" || text == "floordiv" || text == "ceildiv"));
  }
  bool opens() const { return kind == Mark && llvm::StringRef("([{<").contains(text[0]); }
  bool closes() const { return kind == Mark && llvm::StringRef(")]}>").contains(text[0]); }
};

/// Splits text where MLIR's lexer does. What that refuses is a mark here: the
/// parser reads no further than to it.
class Lexer {
public:
  explicit Lexer(llvm::StringRef text) : rest(text) {}

  Token next() {
    rest = rest.ltrim(" \t\r\n");
    if (rest.empty())
      return {};
    if (rest.starts_with("//"))
      return take(Token::Comment, rest.find_first_of("\r\n"));
    if (rest.starts_with("->") || rest.starts_with("::"))
      return take(Token::Mark, 2);
    if (rest[0] == '"')
      return take(Token::String, stringEnd());
    // A name that begins with a digit has digits alone; one behind these sigils
    // may hold minuses.
    size_t sigil = llvm::StringRef("#!%^@").contains(rest[0]);
    bool isNumber = sigil < rest.size() && llvm::isDigit(rest[sigil]);
    bool mayHoldMinus = sigil && rest[0] != '@';
    auto isName = [&](char c) {
      return isNumber ? llvm::isDigit(c)
                      : llvm::isAlnum(c) || c == '_' || c == '$' || c == '.' || (mayHoldMinus && c == '-');
    };
    size_t size = sigil;
    while (size < rest.size() && isName(rest[size]))
      ++size;
    return size > sigil ? take(Token::Word, size) : take(Token::Mark, 1);
  }

private:
  Token take(Token::Kind kind, size_t size) {
    Token token{kind, rest.take_front(size)};
    rest = rest.drop_front(token.text.size());
    return token;
  }

  // A string ends with its line at the latest.
  size_t stringEnd() const {
    for (size_t i = 1; i < rest.size(); ++i) {
      if (rest[i] == '\n')
        return i;
      if (rest[i] == '"')
        return i + 1;
      if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] != '\n')
        ++i;
    }
    return rest.size();
  }

  llvm::StringRef rest;
};

//===----------------------------------------------------------------------===//
// Aliases
//===----------------------------------------------------------------------===//

struct AliasUse {
  llvm::StringRef name;
  unsigned depth; ///< Brackets around it, from the beginning of the definition.
};

struct Alias {
  llvm::StringRef name;
  std::vector<AliasUse> uses;
  uint64_t tokens = 0;
  unsigned depth = 0; ///< Brackets, those of the aliases it uses too.
  enum { New, Open, Done } state = New;
  size_t next = 0; ///< Use that is looked at, while Open.
};

class AliasTable {
public:
  /// Nothing where the name is taken; the index otherwise.
  std::optional<size_t> define(llvm::StringRef name) {
    if (!indices.try_emplace(name, aliases.size()).second)
      return std::nullopt;
    aliases.emplace_back().name = name;
    return aliases.size() - 1;
  }

  Alias &operator[](size_t index) { return aliases[index]; }

  llvm::Error resolve() {
    for (size_t i = 0; i < aliases.size(); ++i)
      if (aliases[i].state == Alias::New)
        if (llvm::Error error = resolve(i))
          return error;
    return llvm::Error::success();
  }

  /// Of an alias that is resolved; null for the name of a dialect.
  const Alias *find(llvm::StringRef name) const {
    auto found = indices.find(name);
    return found == indices.end() ? nullptr : &aliases[found->second];
  }

private:
  // Depth first with a stack of its own: chains are as long as the file.
  llvm::Error resolve(size_t first) {
    std::vector<size_t> stack{first};
    aliases[first].state = Alias::Open;
    while (!stack.empty()) {
      Alias &alias = aliases[stack.back()];
      if (alias.next == alias.uses.size()) {
        if (llvm::Error error = sum(alias))
          return error;
        stack.pop_back();
        continue;
      }
      auto used = indices.find(alias.uses[alias.next++].name);
      if (used == indices.end())
        continue;
      Alias &other = aliases[used->second];
      if (other.state == Alias::Open)
        return refuse("the alias " + other.name + " is defined by itself");
      if (other.state == Alias::New) {
        other.state = Alias::Open;
        stack.push_back(used->second);
      }
    }
    return llvm::Error::success();
  }

  llvm::Error sum(Alias &alias) {
    uint64_t brought = 0;
    for (const AliasUse &use : alias.uses)
      if (const Alias *other = find(use.name)) {
        brought = llvm::SaturatingAdd(brought, other->tokens);
        alias.depth = std::max(alias.depth, use.depth + other->depth);
      }
    if (brought > kAliasTokensMax)
      return refuse("the alias " + alias.name + " brings more than " +
                    llvm::Twine(kAliasTokensMax) + " tokens of other aliases");
    if (alias.depth > kNestingMax)
      return refuse("the alias " + alias.name + " is nested deeper than " +
                    llvm::Twine(kNestingMax));
    alias.tokens = llvm::SaturatingAdd(alias.tokens, brought);
    alias.state = Alias::Done;
    return llvm::Error::success();
  }

  std::vector<Alias> aliases;
  llvm::StringMap<size_t> indices;
};

//===----------------------------------------------------------------------===//
// The scan
//===----------------------------------------------------------------------===//

/// Reads the text once, token for token.
class Scan {
public:
  explicit Scan(llvm::StringRef text) : lexer(text) {}

  llvm::Error run() {
    for (Token token = lexer.next(); token.kind != Token::End; token = lexer.next()) {
      if (token.kind == Token::Comment) {
        if (llvm::Error error = checkComment())
          return error;
        continue;
      }
      if (token.kind == Token::Word && token.text.size() > kWordBytesMax)
        return refuse("a number or a name has more than " + llvm::Twine(kWordBytesMax) + " bytes");
      if (llvm::Error error = checkExpression(token))
        return error;
      if (llvm::Error error = checkArray(token))
        return error;
      if (llvm::Error error = followAliases(token))
        return error;
      if (llvm::Error error = countBrackets(token))
        return error;
      last = token;
    }
    if (llvm::Error error = aliases.resolve())
      return error;
    return sumUses();
  }

private:
  struct Bracket {
    char open;
    bool isDialectBody;
    unsigned operators; ///< Of the expression around the bracket.
  };

  // The parser finds the end of a dialect's attribute by its bytes: brackets in
  // comments count, and what follows them is read although it seems commented.
  llvm::Error checkComment() const {
    if (dialectBodies > 0)
      return refuse("a comment stands between the brackets of a dialect's attribute or type");
    return llvm::Error::success();
  }

  // What is complete has no further atom behind it; parts of one number touch.
  bool beginsAnew(const Token &token) const {
    return (last.isAtom() || last.closes()) && token.isAtom() && last.text.end() != token.text.begin();
  }

  llvm::Error checkExpression(const Token &token) {
    prefixes = token.is("-") ? prefixes + 1 : 0;
    if (prefixes > kPrefixesMax)
      return refuse("more than " + llvm::Twine(kPrefixesMax) + " minuses follow each other");
    if (token.isBinaryOperator())
      ++operators;
    else if (token.is(",") || token.is("=") || (beginsAnew(token) && !last.isBinaryOperator()))
      operators = 0;
    if (operators > kOperatorsMax)
      return refuse("an expression has more than " + llvm::Twine(kOperatorsMax) + " operators");
    return llvm::Error::success();
  }

  // array<index: 0> ends the parser of MLIR 22; an alias may hide the type.
  llvm::Error checkArray(const Token &token) {
    bool isElement = beforeLast.kind == Token::Word && beforeLast.text == "array" && last.is("<");
    beforeLast = last;
    if (isElement && (token.text == "index" || token.isAlias()))
      return refuse("array<" + token.text + "> is not supported",
                    "arrays have elements i1, i8, i16, i32, i64, f32 or f64");
    return llvm::Error::success();
  }

  // `#name =` begins a definition at any place. It ends where something follows
  // what is complete: no attribute and no type has two atoms side by side outside
  // brackets.
  llvm::Error followAliases(const Token &token) {
    if (token.is("=") && last.isAlias()) {
      // The name was taken for a use.
      std::vector<AliasUse> &uses = defined ? aliases[*defined].uses : textUses;
      uses.pop_back();
      defined = aliases.define(last.text);
      if (!defined)
        return refuse("the alias " + last.text + " is defined twice");
      base = brackets.size();
      return llvm::Error::success();
    }
    if (defined && brackets.size() <= base && beginsAnew(token))
      defined = std::nullopt;
    if (defined)
      ++aliases[*defined].tokens;
    if (token.isAlias()) {
      std::vector<AliasUse> &uses = defined ? aliases[*defined].uses : textUses;
      uses.push_back({token.text, static_cast<unsigned>(brackets.size()) - (defined ? base : 0)});
    }
    return llvm::Error::success();
  }

  // `<=` opens and `>=` closes nothing: what opened otherwise ends the former, and
  // the latter meets no '<'.
  void close(char bracket) {
    char open = bracket == ')' ? '(' : bracket == ']' ? '[' : bracket == '}' ? '{' : '<';
    while (!brackets.empty() && (brackets.back().open == open || brackets.back().open == '<')) {
      bool isFound = brackets.back().open == open;
      dialectBodies -= brackets.back().isDialectBody;
      operators = brackets.back().operators;
      brackets.pop_back();
      if (isFound)
        return;
    }
  }

  llvm::Error countBrackets(const Token &token) {
    if (token.opens()) {
      bool isDialectBody = token.is("<") && last.isAlias() && last.text.end() == token.text.begin();
      dialectBodies += isDialectBody;
      brackets.push_back({token.text[0], isDialectBody, operators});
      operators = 0;
    } else if (token.closes()) {
      close(token.text[0]);
    }
    base = std::min(base, static_cast<unsigned>(brackets.size()));
    if (brackets.size() > kNestingMax)
      return refuse("brackets are nested deeper than " + llvm::Twine(kNestingMax));
    if (defined)
      aliases[*defined].depth = std::max<unsigned>(aliases[*defined].depth, brackets.size() - base);
    return llvm::Error::success();
  }

  llvm::Error sumUses() const {
    uint64_t tokens = 0;
    for (const AliasUse &use : textUses) {
      const Alias *alias = aliases.find(use.name);
      tokens = llvm::SaturatingAdd(tokens, alias ? alias->tokens : 0);
      if (alias && use.depth + alias->depth > kNestingMax)
        return refuse("with the alias " + use.name + ", brackets are nested deeper than " +
                      llvm::Twine(kNestingMax));
    }
    if (tokens > kTextTokensMax)
      return refuse("the aliases bring more than " + llvm::Twine(kTextTokensMax) + " tokens");
    return llvm::Error::success();
  }

  Lexer lexer;
  Token last, beforeLast;
  std::vector<Bracket> brackets;
  unsigned dialectBodies = 0, operators = 0, prefixes = 0;
  AliasTable aliases;
  std::vector<AliasUse> textUses;
  std::optional<size_t> defined; ///< Alias whose definition is read.
  unsigned base = 0;             ///< Brackets around that definition.
};
} // namespace

llvm::Error lathe::checkModuleText(llvm::StringRef text) {
  // MLIR takes its binary form by the first bytes; it is not for such files.
  auto isControl = [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t';
  };
  if (llvm::any_of(text, isControl))
    return makeFault(FaultCode::GraphTextInvalid, "the file is not text: it has control bytes", "",
                     "lathe-opt writes the text of a module");
  return Scan(text).run();
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> lathe::readModuleText(llvm::StringRef path) {
  auto refuseFile = [&](const llvm::Twine &why) {
    return withFile(makeFault(FaultCode::FileUnreadable, "cannot read the text", why), path);
  };
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return refuseFile(error.message());
  if (!llvm::sys::fs::is_regular_file(status))
    return refuseFile("it is not a regular file");
  auto text = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!text)
    return refuseFile(text.getError().message());
  if (llvm::Error error = checkModuleText((*text)->getBuffer()))
    return withFile(std::move(error), path);
  return std::move(*text);
}
