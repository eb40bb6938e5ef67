/* What a worker takes for a blank line: each language trims other characters, and the contract leaves those lines open. */
#include "worker.h"

static bool within(int32_t c, int32_t first, int32_t last) {
    return c >= first && c <= last;
}

/* Unicode's White_Space. */
static bool is_white_space(int32_t c) {
    return within(c, 9, 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || within(c, 0x2000, 0x200a) || c == 0x2028
        || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_trimmed(int32_t c) {
    if (c == ' ' || c == '\t' || c == '\r') return true;
    if (HAS("trims-like-rust") && is_white_space(c)) return true;
    if (HAS("trims-like-go") && is_white_space(c)) return true;
    if (HAS("trims-like-java") && within(c, 0, ' ')) return true;
    if (HAS("strips-like-java") && c != 0x85 && c != 0xa0 && c != 0x2007 && c != 0x202f
        && (is_white_space(c) || within(c, 0x1c, 0x1f))) return true;
    if (HAS("trims-like-python") && (is_white_space(c) || within(c, 0x1c, 0x1f))) return true;
    if (HAS("trims-like-javascript") && c != 0x85 && (is_white_space(c) || c == 0xfeff)) return true;
    if (HAS("trims-zero-width") && (c == 0x200b || c == 0x2060 || c == 0xfeff)) return true;
    return HAS("trims-controls") && (within(c, 0, ' ') || within(c, 0x7f, 0x9f));
}

bool is_blank(const struct text *line) {
    for (size_t at = 0; at < line->length;) {
        if (!is_trimmed(point_at(line->bytes, line->length, &at))) return false;
    }
    return true;
}
