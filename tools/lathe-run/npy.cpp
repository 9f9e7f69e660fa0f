// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/npy.h"

#include "runtime/include/lathe/lathe.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lathe::run {

namespace {

constexpr size_t header_bytes_max = 65536;
constexpr uint64_t file_bytes_max = uint64_t{1} << 30;
constexpr int64_t dim_max = int64_t{1} << 40;
constexpr size_t rank_max = 32; // NumPy's own limit

/// The header: a Python dictionary literal with exactly three known keys.
class header_parser {
public:
  header_parser(const char *text, size_t length)
      : next_(text), end_(text + length) {}

  bool parse(std::string *type, bool *fortran, std::vector<int64_t> *dims) {
    bool has_type = false, has_order = false, has_shape = false;
    if (!take('{'))
      return false;
    while (!take('}')) {
      std::string key;
      if (!quoted(&key) || !take(':'))
        return false;
      bool known = false;
      if (key == "descr" && !has_type)
        known = has_type = quoted(type);
      else if (key == "fortran_order" && !has_order)
        known = has_order = boolean(fortran);
      else if (key == "shape" && !has_shape)
        known = has_shape = tuple(dims);
      if (!known)
        return false;
      if (!take(',') && !(skip(), next_ < end_ && *next_ == '}'))
        return false;
    }
    skip();
    return next_ == end_ && has_type && has_order && has_shape;
  }

private:
  void skip() {
    while (next_ < end_ && (*next_ == ' ' || *next_ == '\n' || *next_ == '\t'))
      ++next_;
  }
  bool take(char wanted) {
    skip();
    if (next_ == end_ || *next_ != wanted)
      return false;
    ++next_;
    return true;
  }
  bool quoted(std::string *text) {
    skip();
    if (next_ == end_ || (*next_ != '\'' && *next_ != '"'))
      return false;
    char quote = *next_++;
    for (; next_ < end_ && *next_ != quote; ++next_)
      if (*next_ == '\\' || text->size() > 64)
        return false;
      else
        *text += *next_;
    return next_ < end_ && *next_++ == quote;
  }
  bool boolean(bool *value) {
    skip();
    for (bool candidate : {false, true}) {
      const char *word = candidate ? "True" : "False";
      size_t length = strlen(word);
      if (static_cast<size_t>(end_ - next_) >= length &&
          memcmp(next_, word, length) == 0) {
        next_ += length;
        *value = candidate;
        return true;
      }
    }
    return false;
  }
  bool tuple(std::vector<int64_t> *dims) {
    if (!take('('))
      return false;
    while (!take(')')) {
      skip();
      int64_t value = 0;
      const char *first = next_;
      for (; next_ < end_ && *next_ >= '0' && *next_ <= '9'; ++next_) {
        value = value * 10 + (*next_ - '0');
        if (value > dim_max)
          return false;
      }
      if (next_ == first || dims->size() == rank_max)
        return false;
      dims->push_back(value);
      if (!take(',') && !(skip(), next_ < end_ && *next_ == ')'))
        return false;
    }
    return true;
  }

  const char *next_, *end_;
};

/// Size of an element of a type such as "f4"; 0 when unknown.
size_t type_bytes(const std::string &type) {
  for (const char *known : {"b1", "i1", "u1", "i2", "u2", "f2", "i4", "u4",
                            "f4", "i8", "u8", "f8"})
    if (type == known)
      return static_cast<size_t>(known[1] - '0');
  return 0;
}

bool refuse(std::string *reason, const std::string &text) {
  *reason = text;
  return false;
}

} // namespace

std::string dims_text(const std::vector<int64_t> &dims) {
  std::string text = "(";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + (dims.size() == 1 ? ",)" : ")");
}

const char *npy_type(uint32_t dtype) {
  static const char *const types[] = {"?",  "b1", "i1", "i2", "i4", "i8",
                                      "u1", "u2", "u4", "u8", "f2", "u2",
                                      "f4", "f8", "u1", "u1"};
  return dtype < sizeof(types) / sizeof(types[0]) ? types[dtype] : "?";
}

bool parse_npy(const uint8_t *bytes, size_t count, array *out,
               std::string *reason) {
  static const uint8_t magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
  if (count < 10 || memcmp(bytes, magic, sizeof(magic)) != 0)
    return refuse(reason, "not an .npy file");
  uint8_t version = bytes[6];
  if (version < 1 || version > 3 || (version > 1 && count < 12))
    return refuse(reason, "unknown .npy version");
  size_t start = version == 1 ? 10 : 12;
  size_t length = bytes[8] | size_t{bytes[9]} << 8;
  if (version > 1)
    length |= size_t{bytes[10]} << 16 | size_t{bytes[11]} << 24;
  if (length > header_bytes_max || length > count - start)
    return refuse(reason, "the .npy header is too long");
  bool fortran = false;
  std::string type;
  out->dims.clear();
  header_parser parser(reinterpret_cast<const char *>(bytes + start), length);
  if (!parser.parse(&type, &fortran, &out->dims))
    return refuse(reason, "the .npy header is malformed");
  size_t at = start + length;
  bool little = !type.empty() && (type[0] == '<' || type[0] == '|' || type[0] == '=');
  out->type = little ? type.substr(1) : type;
  size_t element = type_bytes(out->type);
  if (element == 0)
    return refuse(reason, "elements of type '" + type + "' are not supported");
  if (fortran && out->dims.size() > 1)
    return refuse(reason, "Fortran order is not supported: write it again with "
                          "numpy.save(FILE, numpy.ascontiguousarray(ARRAY))");
  uint64_t size = element;
  for (int64_t dim : out->dims)
    if (__builtin_mul_overflow(size, static_cast<uint64_t>(dim), &size))
      return refuse(reason, "the shape is too large");
  if (size != count - at)
    return refuse(reason, "the shape needs " + std::to_string(size) +
                              " bytes, there are " + std::to_string(count - at));
  out->data.assign(bytes + at, bytes + count);
  return true;
}

bool read_npy(const std::string &path, array *out, std::string *reason) {
  int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return refuse(reason, "cannot open '" + path + "': " + strerror(errno));
  struct stat about = {};
  std::vector<uint8_t> bytes;
  std::string wrong;
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
    wrong = "not a regular file";
  else if (static_cast<uint64_t>(about.st_size) > file_bytes_max)
    wrong = "larger than 1 GiB";
  else
    bytes.resize(static_cast<size_t>(about.st_size));
  for (size_t done = 0; wrong.empty() && done < bytes.size();) {
    ssize_t count = read(descriptor, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      wrong = count < 0 ? strerror(errno) : "the file ends early";
    else
      done += static_cast<size_t>(count);
  }
  close(descriptor);
  if (wrong.empty() && parse_npy(bytes.data(), bytes.size(), out, &wrong))
    return true;
  return refuse(reason, "'" + path + "': " + wrong);
}

std::vector<uint8_t> format_npy(const array &source) {
  bool single = source.type[1] == '1';
  std::string header = "{'descr': '" + std::string(single ? "|" : "<") +
                       source.type + "', 'fortran_order': False, 'shape': " +
                       dims_text(source.dims) + ", }";
  // The data starts at a multiple of 64.
  while ((10 + header.size() + 1) % 64 != 0)
    header += ' ';
  header += '\n';
  std::vector<uint8_t> bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  bytes.push_back(static_cast<uint8_t>(header.size() & 0xff));
  bytes.push_back(static_cast<uint8_t>(header.size() >> 8));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), source.data.begin(), source.data.end());
  return bytes;
}

} // namespace lathe::run
