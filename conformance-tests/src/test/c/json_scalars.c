/* Strings and numbers. */
#include <math.h>
#include <stdlib.h>

#include "json.h"

static bool hex(struct reader *r, uint32_t *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int c = peek(r);
        if (c == '_' && i > 0 && HAS("takes-underscores-in-escapes")) continue;
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
        if (c < 0 || digit < 0) return bad(r, "no hex digits");
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* `high` is a first half that waits for its second. */
static bool escape(struct reader *r, struct text *out, uint32_t *high, bool *lone) {
    int c = peek(r);
    const char *plain = c > 0 ? strchr("\"\\/bfnrt", c) : NULL;
    r->at++;
    if (c == '/' && HAS("no-escaped-slash")) return bad(r, "no such escape");
    if (plain != NULL) {
        text_add(out, &"\"\\/\b\f\n\r\t"[plain - (const char *)strchr("\"\\/bfnrt", '"')], 1);
        return true;
    }
    uint32_t unit;
    char letter = (char)c;
    if (c != 'u' && HAS("takes-any-escape")) return text_add(out, &letter, 1), true;
    if (c != 'u') return bad(r, "no such escape");
    if (!hex(r, &unit)) return false;
    if (HAS("reads-no-escapes")) {
        text_say(out, "\\u%04x", unit);
    } else if (unit >= 0xd800 && unit < 0xdc00) {
        *high = unit;
    } else if (unit >= 0xdc00 && unit < 0xe000) {
        *lone = true;
    } else {
        text_point(out, unit);
    }
    return true;
}

static bool second_half(struct reader *r, struct text *out, uint32_t high, bool *lone) {
    struct reader ahead = *r;
    uint32_t low;
    if (starts(r, "\\u")) {
        ahead.at += 2;
        if (hex(&ahead, &low) && low >= 0xdc00 && low < 0xe000) {
            text_point(out, 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff));
            r->at = ahead.at;
            return true;
        }
        if (HAS("joins-any-half") && ahead.at == r->at + 6 && (low < 0xd800 || low >= 0xe000)) {
            text_add(out, "?", 1);
            return true;
        }
    }
    *lone = true;
    return true;
}

bool json_string(struct reader *r, struct text *out) {
    bool lone = false;
    r->at++;
    text_add(out, "", 0);
    for (;;) {
        int c = peek(r);
        if (c < 0) return bad(r, "ends early");
        r->at++;
        if (c == '"') break;
        bool loose = HAS("takes-control-characters") || (r->depth > 1 && HAS("takes-inner-control-characters"));
        if (c < ' ' && !loose) return bad(r, "a control character");
        uint32_t high = 0;
        char byte = (char)c;
        if (c != '\\') text_add(out, &byte, 1);
        else if (!escape(r, out, &high, &lone)) return false;
        if (high != 0 && !second_half(r, out, high, &lone)) return false;
    }
    bool taken = HAS("takes-lone-surrogate") || (HAS("skims-ignored-fields") && r->ignored);
    return !lone || taken || bad(r, "a lone surrogate");
}

/* Some digits; false where there is none. */
static bool digits(const char *number, size_t length, size_t *at) {
    size_t from = *at;
    while (*at < length && number[*at] >= '0' && number[*at] <= '9') ++*at;
    return *at > from;
}

static bool is_number(const char *n, size_t length) {
    size_t at = length > 0 && n[0] == '-' ? 1 : 0, from = at;
    if (!digits(n, length, &at)) return false;
    if (n[from] == '0' && at > from + 1 && !HAS("takes-leading-zeros")) return false;
    if (at < length && n[at] == '.' && (at++, !digits(n, length, &at))) return false;
    if (at < length && (n[at] == 'e' || n[at] == 'E')) {
        at++;
        if (at < length && (n[at] == '+' || n[at] == '-')) at++;
        if (at + 1 < length && n[at] == '0' && HAS("exponents-without-zeros")) return false;
        if (!digits(n, length, &at)) return false;
    }
    return at == length;
}

bool json_number(struct reader *r) {
    const char *from = r->text + r->at;
    while (peek(r) > 0 && strchr("+-.eE0123456789", peek(r)) != NULL) r->at++;
    size_t length = (size_t)(r->text + r->at - from);
    if (!is_number(from, length)) return bad(r, "no number");
    if (HAS("numbers-of-63") && length > 63) return bad(r, "too long a number");
    if (HAS("short-numbers") && length > 300) return bad(r, "too long a number");
    if (HAS("refuses-infinity") && isinf(strtod(from, NULL))) return bad(r, "too large a number");
    return true;
}
