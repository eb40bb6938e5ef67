/* Bytes that grow, and UTF-8. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker.h"

static void make_room(struct text *text, size_t more) {
    if (text->length + more < text->room) return;
    text->room = (text->length + more) * 2 + 64;
    text->bytes = realloc(text->bytes, text->room);
    if (text->bytes == NULL) abort();
}

void text_clear(struct text *text) {
    text->length = 0;
    text_add(text, "", 0);
}

void text_add(struct text *text, const char *bytes, size_t length) {
    make_room(text, length);
    if (length > 0) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_say(struct text *text, const char *format, ...) {
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    size_t length = (size_t)vsnprintf(NULL, 0, format, values);
    make_room(text, length);
    vsnprintf(text->bytes + text->length, length + 1, format, again);
    text->length += length;
    va_end(again);
    va_end(values);
}

void text_point(struct text *text, uint32_t point) {
    char bytes[4];
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, point >>= 6) bytes[i] = (char)(0x80 | (point & 0x3f));
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    bytes[0] = (char)(lead[length] | point);
    text_add(text, bytes, length);
}

void text_replace(struct text *text, const char *old, const char *new) {
    struct text made = {0};
    const char *from = text->bytes, *end = text->bytes + text->length;
    for (;;) {
        const char *hit = memmem(from, (size_t)(end - from), old, strlen(old));
        if (hit == NULL) break;
        text_add(&made, from, (size_t)(hit - from));
        text_add(&made, new, strlen(new));
        from = hit + strlen(old);
    }
    text_add(&made, from, (size_t)(end - from));
    text_free(text);
    *text = made;
}

void text_free(struct text *text) {
    free(text->bytes);
    *text = (struct text){0};
}

bool text_is(const struct text *text, const char *word) {
    return text->length == strlen(word) && memcmp(text->bytes, word, text->length) == 0;
}

int32_t point_at(const char *bytes, size_t length, size_t *at) {
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)bytes[(*at)++];
    size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size == 1) return lead;
    if (size == 0 || *at + size - 1 > length) return -1;
    int32_t point = lead & (0x7f >> size);
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned char next = (unsigned char)bytes[*at + i];
        if ((next & 0xc0) != 0x80) return -1;
        point = point << 6 | (next & 0x3f);
    }
    if (point < least[size] || point > 0x10ffff) return -1;
    *at += size - 1;
    return point;
}

static bool is_surrogate(int32_t point) {
    return point >= 0xd800 && point < 0xe000;
}

bool is_utf8(const struct text *text) {
    for (size_t at = 0; at < text->length;) {
        int32_t point = point_at(text->bytes, text->length, &at);
        if (point < 0 || is_surrogate(point)) return false;
    }
    return true;
}

struct text with_replacements(const struct text *text) {
    struct text made = {0};
    for (size_t at = 0; at < text->length;) {
        int32_t point = point_at(text->bytes, text->length, &at);
        text_point(&made, point < 0 || is_surrogate(point) ? 0xfffd : (uint32_t)point);
    }
    return made;
}
