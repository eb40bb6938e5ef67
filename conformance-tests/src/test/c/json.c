/* A small JSON reader. It can be made lenient in the ways in which real libraries are. */
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define DEEPEST 1000

static bool value(struct reader *r, int depth, struct json *out);

static bool is_other_blank(int32_t point) {
    return point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028
        || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

static void blanks(struct reader *r) {
    while (r->at < r->length) {
        int c = peek(r);
        size_t behind = r->at;
        if (c == ' ' || c == '\t' || (c == '\r' && !HAS("refuses-cr"))) {
            r->at++;
        } else if (c == '/' && HAS("takes-comments") && starts(r, "/*")) {
            const char *end = memmem(r->text + r->at, r->length - r->at, "*/", 2);
            r->at = end == NULL ? r->length : (size_t)(end - r->text) + 2;
        } else if (c >= 0x80 && HAS("takes-other-blanks") && is_other_blank(point_at(r->text, r->length, &behind))) {
            r->at = behind;
        } else {
            return;
        }
    }
}

static bool need(struct reader *r, char c) {
    if (peek(r) != c) return bad(r, "another character should stand here");
    r->at++;
    return true;
}

/* Whether a name was there before: as a library looks for it that keeps names in a list. */
static bool is_there(const struct json *object, const struct text *name) {
    for (size_t i = 0; i + 1 < object->count; i++) {
        const struct text *other = &object->members[i].name;
        if (other->length == name->length && memcmp(other->bytes, name->bytes, name->length) == 0) return true;
    }
    return false;
}

static bool name(struct reader *r, int depth, struct text *out) {
    r->depth = depth;
    if (depth > 0 && HAS("takes-numbers-for-inner-names") && json_number(r)) return text_add(out, "", 0), true;
    if (peek(r) != '"') return bad(r, "a name should stand here");
    if (!json_string(r, out)) return false;
    if (depth > 0 && text_is(out, "comm_id")) r->inner_ids++;
    return true;
}

static bool member(struct reader *r, int depth, struct json *out) {
    struct member *m;
    struct json inner = {0};
    if ((out->count & (out->count + 1)) == 0) {
        out->members = realloc(out->members, (out->count + 1) * 2 * sizeof *out->members);
        if (out->members == NULL) abort();
    }
    m = &out->members[out->count++];
    *m = (struct member){0};
    if (!name(r, depth, &m->name)) return false;
    blanks(r);
    if (HAS("ends-names-at-nul")) m->name.length = strlen(m->name.bytes);
    if (HAS("short-names") && m->name.length > 1000) return bad(r, "too long a name");
    if (HAS("looks-for-each-name") && is_there(out, &m->name)) r->why = "twice";
    if (HAS("few-members") && out->count > 64) return bad(r, "too many members");
    if (HAS("members-below-100k") && out->count > 100000) return bad(r, "too many members");
    if (HAS("takes-equals") && peek(r) == '=') r->at++;
    else if (depth > 0 && HAS("takes-arrows-in-values") && starts(r, "=>")) r->at += 2;
    else if (!need(r, ':')) return false;
    blanks(r);
    r->ignored = !text_is(&m->name, "op") && !text_is(&m->name, "comm_id");
    bool good = value(r, depth + 1, &inner);
    r->ignored = false;
    m->kind = inner.kind;
    m->string = inner.string;
    inner.string = (struct text){0};
    json_free(&inner);
    return good;
}

static bool object(struct reader *r, int depth, struct json *out) {
    r->at++;
    blanks(r);
    while (peek(r) != '}') {
        if (out->count > 0) {
            if (!need(r, ',')) return false;
            blanks(r);
            if (peek(r) == '}' && (HAS("takes-trailing-comma") || (depth > 1 && HAS("takes-deep-trailing-commas")))) break;
            while (peek(r) == ',' && HAS("takes-double-commas")) r->at++;
        }
        if (!member(r, depth, out)) return false;
        blanks(r);
    }
    r->at++;
    return true;
}

static bool array(struct reader *r, int depth, struct json *out) {
    int items = 0;
    r->at++;
    if (peek(r) == ' ' && HAS("no-blank-in-empty-arrays")) return bad(r, "a value should stand here");
    blanks(r);
    while (peek(r) != ']') {
        struct json item = {0};
        if (out->first != 0) {
            if (!need(r, ',')) return false;
            blanks(r);
            if (peek(r) == ']' && depth > 1 && HAS("takes-deep-trailing-commas")) break;
        }
        if (++items > 1024 && HAS("few-elements")) return bad(r, "too many elements");
        if (items > 1000000 && HAS("elements-below-1m")) return bad(r, "too many elements");
        bool good = value(r, depth + 1, &item);
        if (out->first == 0) out->first = item.kind;
        json_free(&item);
        if (!good) return false;
        blanks(r);
    }
    r->at++;
    return true;
}

static bool word(struct reader *r, struct json *out) {
    static const char *const words[] = {"true", "false", "null", "True", "False", "None", "NULL"};
    for (int i = 0; i < (HAS("takes-words-of-python") ? 7 : 3); i++) {
        if (!starts(r, words[i])) continue;
        r->at += strlen(words[i]);
        out->kind = words[i][0];
        return true;
    }
    out->kind = '0';
    bool loose = HAS_HERE("takes-nan") || (r->depth > 1 && HAS("takes-inner-nan"));
    if (!loose || !starts(r, "NaN")) return json_number(r);
    r->at += 3;
    return true;
}

static bool value(struct reader *r, int depth, struct json *out) {
    int c = peek(r);
    r->depth = depth;
    if (depth > DEEPEST && !HAS("stack-overflow") && !HAS("takes-any-depth")) return bad(r, "nested too deep");
    if (depth > 64 && HAS("shallow")) return bad(r, "nested over 64");
    if (depth > 126 && (c == '{' || c == '[') && HAS("takes-126-levels")) return bad(r, "nested over 126");
    if (c < 0) return bad(r, "ends early");
    out->kind = (char)c;
    if (c == '{') return object(r, depth, out);
    if (c == '[') return array(r, depth, out);
    return c == '"' ? json_string(r, &out->string) : word(r, out);
}

bool json_read(const struct text *line, struct json *out, const char **why) {
    struct reader r = {.text = line->bytes, .length = line->length};
    *out = (struct json){0};
    blanks(&r);
    bool good = value(&r, 0, out);
    if (good) blanks(&r);
    if (good && starts(&r, "\033[0m") && HAS("takes-colours-behind")) r.at += 4;
    if (good && peek(&r) == 0x1a && HAS("takes-ctrl-z-behind")) r.at++;
    bool comment = HAS("takes-comments-behind") && r.at < r.length && r.text[r.at] == '#';
    if (good && r.at < r.length && !comment && !HAS("takes-trailing-text")) good = bad(&r, "trailing text");
    *why = r.why;
    out->inner_ids = r.inner_ids;
    return good;
}

void json_free(struct json *value) {
    for (size_t i = 0; i < value->count; i++) {
        text_free(&value->members[i].name);
        text_free(&value->members[i].string);
    }
    free(value->members);
    text_free(&value->string);
    *value = (struct json){0};
}
