/* What the parts of the JSON reader share. */
#ifndef JSON_H
#define JSON_H

#include <string.h>

#include "worker.h"

struct reader {
    const char *text;
    size_t length, at;
    bool ignored; /* inside a field that is neither op nor comm_id */
    int depth;    /* of what is being read; 1 is a field of the request */
    int inner_ids; /* fields named comm_id that are inside another */
    const char *why;
};

/* At the first character of each; false where it is wrong, with the reason in the reader. */
bool json_string(struct reader *r, struct text *out);
bool json_number(struct reader *r);

static inline bool bad(struct reader *r, const char *why) {
    r->why = why;
    return false;
}

/* The byte that comes next, or -1 at the end. */
static inline int peek(const struct reader *r) {
    return r->at < r->length ? (unsigned char)r->text[r->at] : -1;
}

static inline bool starts(const struct reader *r, const char *word) {
    return r->length - r->at >= strlen(word) && memcmp(r->text + r->at, word, strlen(word)) == 0;
}

#endif
