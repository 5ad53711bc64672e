/* Some steps of a day, for all lanes of a pack: Tehran's stance, the militias' will and rates, and the luck that decides
 * on their first attack. The same arithmetic as in sim/core, in the same places: lanes.py puts a header before it that
 * gives LANES and, for every field used, where its lanes begin (field(pack) or field(pack, i)). */

#include <math.h>

/* All lanes. No field lies over another: the compiler is told so, as ours is. */
#ifdef __clang__
#define ALL _Pragma("clang loop vectorize(assume_safety)") for (int l = 0; l < LANES; l++)
#else
#define ALL _Pragma("GCC ivdep") for (int l = 0; l < LANES; l++)
#endif

static inline uint64_t bits_of(double x)
{
    union { double x; uint64_t bits; } both = {x};
    return both.bits;
}

static inline double of_bits(uint64_t bits)
{
    union { uint64_t bits; double x; } both = {bits};
    return both.x;
}

static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }

static inline double exp_of(double x)
{
    x = most(least(x, 710.0), -746.0);
    double shifted = x * 0x1.71547652b82fep+0 + (6755399441055744.0 + 2046.0);
    double k = shifted - (6755399441055744.0 + 2046.0);
    double r = x - k * 0x1.62e42fefa3000p-1, low = k * 0x1.3de6af278ece6p-42, s = r * r;
    double left = (0x1.5555555555501p-3 + r * 0x1.555555555320ep-5)
                  + s * (0x1.1111111128807p-7 + r * 0x1.6c16c17cc0c63p-10);
    double right = (0x1.a01a011c44651p-13 + r * 0x1.a019ab358931ap-16)
                   + s * ((0x1.71df55064f138p-19 + r * 0x1.289f81e0a25e5p-22) + s * 0x1.ad205910e28abp-26);
    double curve = s * 0.5 + (s * r) * (left + (s * s) * right);
    double one = 1.0 + r;
    double power = one + (((1.0 - one) + r) + (curve - low * (one + curve)));
    uint64_t bits = bits_of(shifted), half = bits >> 1;
    return power * of_bits(half << 52) * of_bits((bits - half) << 52);
}

static inline double uniform(uint64_t seed, uint64_t run, uint64_t date, uint64_t actor, uint64_t purpose)
{
    uint64_t c0 = run & 0xFFFFFFFFu, c1 = run >> 32, c2 = date << 16 | actor, c3 = purpose << 24;
    uint64_t k0 = seed & 0xFFFFFFFFu, k1 = seed >> 32;
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = 0xD2511F53u * (c0 & 0xFFFFFFFFu), p1 = 0xCD9E8D57u * (c2 & 0xFFFFFFFFu);
        c0 = (p1 >> 32) ^ c1 ^ k0;
        c1 = p1 & 0xFFFFFFFFu;
        c2 = (p0 >> 32) ^ c3 ^ k1;
        c3 = p0 & 0xFFFFFFFFu;
        k0 = (k0 + 0x9E3779B9u) & 0xFFFFFFFFu;
        k1 = (k1 + 0xBB67AE85u) & 0xFFFFFFFFu;
    }
    return ((double)(int64_t)(c0 << 20 | c1 >> 12) + 0.5) * 0x1p-52;
}

static inline double effect(double weight, double level, double reference) { return weight * (level - reference); }

void live_days(char *pack, uint64_t seed, int64_t days)
{
    int64_t count = militia_count(pack)[0];
    for (int64_t day = 0; day < days; day++) {
        ALL
        {
            double threat = us_step(pack)[l] >= 3 ? 1.0 : 0.0;
            double odds = p_restraint(pack)[l] - today_others_stance(pack)[l]
                          - p_stance_gaza(pack)[l] * today_gaza(pack)[l] + p_stance_war_fear(pack)[l] * war_fear(pack)[l]
                          - p_stance_grievance(pack)[l] * grievance(pack)[l]
                          + p_stance_mediation(pack)[l] * bargain(pack)[l]
                          + p_posture_fear(pack)[l] * (us_posture(pack)[l] - then_posture(pack)[l] + threat);
            double goal = 2.0 * (1.0 / (1.0 + exp_of(-least(most(odds, -700.0), 700.0)))) - 1.0;
            stance(pack)[l] = goal + (stance(pack)[l] - goal) * p_stance_keep(pack)[l];
            brake_days(pack)[l] += stance(pack)[l] > 0.0 ? 1 : 0;
        }
        for (int64_t i = 0; i < count; i++) ALL
        {
            double now = (1.0 - p_dilution(pack)[l] * autonomy(pack, i)[l]) * stance(pack)[l];
            double then = (1.0 - p_dilution(pack)[l] * then_autonomy(pack, i)[l]) * stance_start(pack)[l];
            double x = effect(p_gaza(pack)[l], today_gaza(pack)[l], then_gaza(pack)[l])
                       + (effect(p_lebanon(pack)[l], today_lebanon(pack)[l], then_lebanon(pack)[l])
                          + today_others_will(pack)[l])
                       + effect(p_presence(pack)[l], us_troops(pack)[l], then_troops(pack)[l])
                       + effect(p_hurry(pack)[l], iraq_talks(pack)[l], then_talks(pack)[l])
                       + effect(p_revenge(pack)[l], anger(pack, i)[l], 0.0)
                       + effect(-p_deterrence(pack)[l], fear(pack, i)[l], 0.0)
                       + effect(-p_doubt(pack)[l], credibility(pack)[l], p_credibility_start(pack)[l])
                       + effect(-p_bargain(pack)[l], restraint(pack, i)[l], 0.0)
                       + effect(-p_tehran(pack)[l], now, then)
                       + effect(p_provocation(pack)[l], us_posture(pack)[l], then_posture(pack)[l])
                       + effect(-p_backlash(pack)[l], capital(pack)[l], 1.0);
            double above = most(0.0, x), ceiling = p_will_ceiling(pack)[l];
            will(pack, i)[l] = least(0.0, x) + above * ceiling / sqrt(ceiling * ceiling + above * above);
        }
        for (int64_t i = 0; i < count; i++) {
            ALL
            {
                double free = p_tempo(pack)[l] * share(pack, i)[l] * exp_of(will(pack, i)[l]) * shock(pack)[l];
                double leaking = free * p_leak(pack)[l] * autonomy(pack, i)[l];
                double usual = standing_down(pack, i)[l] > 0 ? leaking : free;
                double the_rate = orders_attacks(pack, i)[l] >= 0 ? 0.0 : usual;
                rate(pack, i)[l] = the_rate;
                none(pack, i)[l] = exp_of(-the_rate);
            }
            ALL
            {
                uint64_t key = date(pack)[l] < past_until(pack)[l] ? past_seed(pack)[l] : seed;
                uint64_t today = (uint64_t)date(pack)[l], actor = (uint64_t)actor_id(pack, i)[l];
                luck(pack, i)[l] = uniform(key, run_luck(pack)[l], today, actor, ATTACKS);
            }
            ALL
            {
                int64_t ordered = orders_attacks(pack, i)[l];
                double mostly = least(floor(arsenal(pack, i)[l]), (double)capacity(pack, i)[l]);
                int64_t one = luck(pack, i)[l] > none(pack, i)[l] ? 1 : 0;
                one = mostly > 0.0 ? one : 0;
                attacks(pack, i)[l] = ordered >= 0 ? ordered : one;
            }
        }
        ALL date(pack)[l] += 1;
    }
}
