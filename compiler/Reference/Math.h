// SPDX-License-Identifier: Apache-2.0
//
// Transcendental functions of doubles whose results are the same on every
// host: they use only + - * / and exact operations (frexp, ldexp, rounding,
// sqrt), in a fixed order, and are compiled without contraction to fused
// multiply-adds. A folded constant therefore never depends on the host's libm.
//
// Errors stay within a few units in the last place of a double (pow: 2^-43
// relative at the ends of its range), far below half a unit of a float: results
// rounded to float are correctly rounded but for a share of about 2^-26.
// Special values follow C's Annex F.
#ifndef LATHE_COMPILER_REFERENCE_MATH_H
#define LATHE_COMPILER_REFERENCE_MATH_H

namespace lathe::math {

double exp(double x);
double exp2(double x);
double expm1(double x);
double log(double x);
double log2(double x);
double log10(double x);
double log1p(double x);
double sin(double x);
double cos(double x);
double tan(double x);
double tanh(double x);
double atan(double x);
double atan2(double y, double x);
double erf(double x);
double pow(double base, double exponent);
/// 1 / (1 + exp(-x)).
double sigmoid(double x);

} // namespace lathe::math

#endif // LATHE_COMPILER_REFERENCE_MATH_H
