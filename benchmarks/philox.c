/* The uniforms of sim/chance.py in C: one block of Philox 4x32-10 (Salmon et al. 2011) each, summed over
 * runs, days and draws in the same order as `draw` in uniforms.py, so that both sums agree to the last bit. */

#include <stdint.h>

static inline double uniform(uint64_t seed, uint64_t run, uint64_t date, uint64_t actor, uint64_t purpose,
                             uint64_t item)
{
    uint32_t c0 = (uint32_t)run, c1 = (uint32_t)(run >> 32);
    uint32_t c2 = (uint32_t)(date << 16 | actor), c3 = (uint32_t)(purpose << 24 | item);
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    int64_t bits = (int64_t)((uint64_t)c0 << 20 | c1 >> 12);
    return ((double)bits + 0.5) * 0x1p-52;
}

double draw(uint64_t seed, int64_t runs, int64_t first, int64_t days, int64_t a_run)
{
    double total = 0.0;
    for (int64_t run = 0; run < runs; run++)
        for (int64_t day = 0; day < days; day++) {
            int64_t draws = (day + 1) * a_run / days - day * a_run / days;
            for (int64_t actor = 0; actor < draws; actor++)
                total += uniform(seed, (uint64_t)run, (uint64_t)(first + day), (uint64_t)actor, 8, 0);
        }
    return total;
}
