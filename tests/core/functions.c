/* The functions of sim/core/functions.py and sim/core/normal.py, operation by operation, with their own constants,
   which constants.h has from there; and a sum of the bits that they give at a million points each. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constants.h"

typedef uint64_t u64;

static inline u64 bits_of(double x) { u64 b; memcpy(&b, &x, 8); return b; }
static inline double of_bits(u64 b) { double x; memcpy(&x, &b, 8); return x; }
static inline double upper(double x) { return of_bits(bits_of(x) & UPPER_HALF); }

static inline double own_exp(double x) {
    x = EXP_MOST < x ? EXP_MOST : x;
    x = EXP_LEAST > x ? EXP_LEAST : x;
    double shifted = x * LOG2E + SHIFTER;
    double k = shifted - SHIFTER;
    double r = x - k * LN2_HIGH;
    double low = k * LN2_LOW;
    double s = r * r;
    double left = (E3 + r * E4) + s * (E5 + r * E6);
    double right = (E7 + r * E8) + s * ((E9 + r * E10) + s * E11);
    double curve = s * 0.5 + (s * r) * (left + (s * s) * right);
    double one = 1.0 + r;
    double power = one + (((1.0 - one) + r) + (curve - low * (one + curve)));
    u64 bits = bits_of(shifted), half = bits >> 1;
    return power * of_bits(half << 52) * of_bits((bits - half) << 52);
}

static inline double log_parts(double x, double *rest) {
    int tiny = x < LEAST_NORMAL;
    x = tiny ? x * SCALE : x;
    u64 moved = bits_of(x) + TO_ONE;
    double k = of_bits((moved >> 52) | UNITS) - (tiny ? UNITS_VALUE + SCALED : UNITS_VALUE);
    double f = of_bits((moved & FRACTION) + FROM_ONE) - 1.0;
    double s = f / (2.0 + f);
    double z = s * s, w = z * z;
    double curve = z * ((L1 + z * L2) + w * ((L3 + z * L4) + w * ((L5 + z * L6) + w * L7)));
    double cut = upper(f);
    double square = 0.5 * cut * cut, square_low = 0.5 * (f - cut) * (f + cut);
    double near = f - square;
    double small = s * (square + square_low + curve) - square_low + k * LN2_LOW;
    double large = k * LN2_HIGH + near;
    *rest = ((k * LN2_HIGH - large) + near) + (((f - near) - square) + small);
    return large;
}

static inline double own_log(double x) {
    double small, large = log_parts(x, &small), value = large + small;
    value = x < INFINITY ? value : x;
    return x > 0.0 ? value : (x == 0.0 ? -INFINITY : NAN);
}

static inline double chosen(double p, const double *values) {
    double value = p < 0.25 ? values[1] : values[0];
    value = p < 0.05 ? values[2] : value;
    value = p < 0.001 ? values[3] : value;
    return p < 1e-7 ? values[4] : value;
}

static inline double pair(double p, double v, int i) {
    return chosen(p, COEFFICIENTS[i]) + v * chosen(p, COEFFICIENTS[i + 1]);
}

static inline double curve(double p, double v) {
    double s = v * v, f = s * s;
    double first = pair(p, v, 4) + s * pair(p, v, 6);
    double second = pair(p, v, 8) + s * pair(p, v, 10);
    double third = pair(p, v, 12) + s * pair(p, v, 14);
    return first + f * (second + f * (third + f * (pair(p, v, 16) + s * chosen(p, COEFFICIENTS[18]))));
}

static inline double root_of_log(double p, double *rest) {
    double small, large = log_parts(p, &small), total = large + small;
    double root = sqrt(-total), cut = upper(root);
    *rest = ((-total - cut * cut) - ((large - total) + small)) / (cut + root);
    return cut;
}

static inline double own_standard_normal(double u) {
    double p = 1.0 - u < u ? 1.0 - u : u;
    int middle = p >= 0.25;
    double q = 0.5 - p;
    double rest, root = root_of_log(p, &rest);
    double t = middle ? upper(q) : root - chosen(p, NODES);
    double t_low = middle ? q - t : rest;
    double v = middle ? q * q : t + t_low;
    double bend = v * curve(p, v);
    double c0 = chosen(p, COEFFICIENTS[0]), c1 = chosen(p, COEFFICIENTS[2]);
    double g = c1 + bend;
    double g_low = ((c1 - g) + bend) + chosen(p, COEFFICIENTS[3]);
    double cut = upper(g);
    double large = t * cut;
    double small = t * ((g - cut) + g_low) + t_low * g;
    double total = c0 + large;
    double z = total + (((c0 - total) + large) + (small + chosen(p, COEFFICIENTS[1])));
    return u < 0.5 ? -z : z;
}

static u64 state;

static u64 any_bits(void) { /* splitmix64 */
    u64 z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Half of the points are even in the range; in the other half a logarithm is. */
static double point(char which, int i) {
    u64 b = any_bits();
    double even = ((double)(b >> 12) + 0.5) / 4503599627370496.0;
    u64 fraction = b & FRACTION, exponent = b >> 52;
    if (which == 'e') /* -750 to 750, or between 2^-64 and 2^10 in size */
        return i % 2 ? (even - 0.5) * 1500.0 : of_bits((exponent & 0x800) << 52 | (959 + exponent % 74) << 52 | fraction);
    if (which == 'l') /* 0.5 to 2, or any, of which one in eight is subnormal */
        return i % 2 ? 0.5 + 1.5 * even : of_bits((i % 8 ? exponent % 2047 : 0) << 52 | fraction | 1);
    return i % 2 ? even : of_bits((970 + exponent % 53) << 52 | fraction);
}

static u64 sum_of(char which, int n, double *x, double *y) {
    u64 sum = 0;
    state = (u64)which;
    for (int i = 0; i < n; i++) x[i] = point(which, i);
    if (which == 'e') for (int i = 0; i < n; i++) y[i] = own_exp(x[i]);
    if (which == 'l') for (int i = 0; i < n; i++) y[i] = own_log(x[i]);
    if (which == 'n') for (int i = 0; i < n; i++) y[i] = own_standard_normal(x[i]);
    for (int i = 0; i < n; i++) sum = sum * 0x9E3779B97F4A7C15u + (bits_of(x[i]) ^ (bits_of(y[i]) << 1 | bits_of(y[i]) >> 63));
    return sum;
}

int main(int count, char **words) {
    int n = count > 1 ? atoi(words[1]) : 1000000;
    double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    for (const char *which = "eln"; *which; which++) printf("%016" PRIx64 "\n", sum_of(*which, n, x, y));
    return 0;
}
