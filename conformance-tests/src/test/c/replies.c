/* The replies that are not the group's: pong and error. */
#include <inttypes.h>
#include <string.h>

#include "worker.h"

int request_number;

struct text say(const char *words) {
    struct text made = {0};
    text_add(&made, words, strlen(words));
    return made;
}

static void quote_prefix(struct text *out, size_t length) {
    if (HAS("long-messages")) {
        for (size_t i = length * 4; i < 4000; i++) text_add(out, "m", 1);
    }
    if (HAS("foreign-messages")) text_say(out, "\u00e9\u4e2d\U0001f600 \u2028");
    if (HAS("half-characters")) text_say(out, "\\ud83d ");
    if (HAS("short-escapes")) text_say(out, "%s", "\\/\\b\\f\\n\\r\\t\\\\\\\"\\uD83D\\uDE00\\u0000\x7f");
}

static void quote_point(struct text *out, int32_t point) {
    if (point < 0 || (point >= 0xd800 && point < 0xe000)) {
        text_add(out, "?", 1);
    } else if (HAS("escapes-everything") && point > 0xffff) {
        text_say(out, "\\u%04x\\u%04x", 0xd7c0 + (unsigned)(point >> 10), 0xdc00 + (unsigned)(point & 0x3ff));
    } else if (point < ' ' || point == '"' || point == '\\' || HAS("escapes-everything")) {
        text_say(out, "\\u%04x", (unsigned)point);
    } else {
        text_point(out, (uint32_t)point);
    }
}

void quote(struct text *out, const struct text *words) {
    text_add(out, "\"", 1);
    if (HAS("breaks-lines")) {
        struct text raw = {0};
        text_add(&raw, words->bytes, words->length);
        text_replace(&raw, "\\", "\\\\");
        text_replace(&raw, "\"", "\\\"");
        text_add(out, raw.bytes, raw.length);
        text_free(&raw);
    } else {
        quote_prefix(out, words->length);
        for (size_t at = 0; at < words->length;) {
            const char *byte = words->bytes + at;
            int32_t point = point_at(words->bytes, words->length, &at);
            if (point < 0 && HAS("cuts-characters")) text_add(out, byte, 1);
            else quote_point(out, point);
        }
    }
    text_add(out, "\"", 1);
}

/* Exactly 4096 bytes. */
static struct text full_message(const struct text *words) {
    struct text made = {0};
    for (size_t i = 0; i < words->length && words->length <= 100; i++) {
        char c = words->bytes[i];
        text_add(&made, c >= ' ' && c <= '~' ? &c : "?", 1);
    }
    while (made.length < 4096) text_add(&made, "m", 1);
    return made;
}

static struct text message(const struct text *words) {
    struct text made = {0};
    if (HAS("full-messages")) return full_message(words);
    if (HAS("one-letter-messages")) return say("!");
    if (HAS("empty-message")) return say("");
    text_add(&made, words->bytes, words->length);
    if (HAS("changing-messages")) text_say(&made, " %d", request_number);
    return made;
}

struct text error_with(const char *kind, const struct text *said) {
    struct text words = message(said), quoted = {0}, reply = {0}, tag = {0};
    quote(&quoted, &words);
    if (HAS("numeric-kind")) text_say(&tag, "7");
    else text_say(&tag, "\"%s\"", HAS("odd-error-kind") ? "badRequest" : kind);
    if (HAS("escapes-names")) {
        text_replace(&tag, "_", "\\u005f");
        text_say(&reply, "{\"o\\u0070\":\"err\\u006fr\",\"k\\u0069nd\":%s,\"message\":", tag.bytes);
        text_add(&reply, quoted.bytes, quoted.length);
        text_say(&reply, "}");
    } else if (HAS("op-last") || (HAS("shuffles-fields") && request_number % 2 == 0)) {
        text_say(&reply, "{\"message\":");
        text_add(&reply, quoted.bytes, quoted.length);
        text_say(&reply, ",\"kind\":%s,\"op\":\"error\"}", tag.bytes);
    } else {
        text_say(&reply, "{\"op\":\"error\",\"kind\":%s,\"message\":", tag.bytes);
        text_add(&reply, quoted.bytes, quoted.length);
        text_say(&reply, "%s}", HAS("extra-error-field") ? ",\"code\":400" : "");
    }
    text_free(&words);
    text_free(&quoted);
    text_free(&tag);
    return reply;
}

struct text error_reply(const char *kind, const char *words) {
    struct text said = say(words), reply = error_with(kind, &said);
    text_free(&said);
    return reply;
}

static void number(struct text *out, uint64_t value) {
    if (HAS("numbers-as-strings")) text_say(out, "\"%" PRIu64 "\"", value);
    else if (HAS("numbers-as-doubles")) text_say(out, "%" PRIu64 ".0", value);
    else if (HAS("signed-replies")) text_say(out, "%d", (int32_t)(uint32_t)value);
    else text_say(out, "%" PRIu64, value);
}

static struct text field(const char *name, uint64_t value) {
    struct text made = {0};
    text_say(&made, "\"%s\":", name);
    number(&made, value);
    return made;
}

static struct text nested_field(const char *name) {
    struct text made = {0};
    text_say(&made, "\"%s\":", name);
    for (int i = 0; i < 250; i++) text_say(&made, "{\"a\":[");
    for (int i = 0; i < 250; i++) text_say(&made, "]}");
    return made;
}

static struct text padding(void) {
    struct text made = say("\"pad\":\"");
    for (int i = 0; i < 64 << 10; i++) text_add(&made, "x", 1);
    text_say(&made, "\"");
    return made;
}

struct text pong_reply(struct identity self) {
    struct text fields[7] = {
        say(HAS("type-for-op")         ? "\"type\":\"pong\""
                : HAS("escapes-names") ? "\"\\u006fp\":\"p\\u006Fng\""
                : HAS("wrong-tag")     ? "\"op\":\"Pong\""
                                       : "\"op\":\"pong\""),
        HAS("deep-number") ? nested_field("rank") : field(HAS("escapes-names") ? "r\\u0061nk" : "rank", HAS_HERE("rank-plus-one") ? self.rank + 1 : self.rank),
        field(HAS("renamed-field") ? "worldSize" : "world_size", HAS("size-is-rank-plus-1") ? self.rank + 1 : self.size),
    };
    int fields_there = 3;
    if (!HAS("no-device")) fields[fields_there++] = field("cuda_device", HAS("device-is-rank") ? self.rank : HAS("device-0-when-joined") && group_joined() ? 0 : self.device);
    if (HAS("padded-pong")) fields[fields_there++] = padding();
    if (HAS("deep-field")) fields[fields_there++] = nested_field("load");
    if (HAS("extra-field")) fields[fields_there++] = field("uptime", (uint64_t)request_number);
    int first = HAS("shuffles-fields") ? request_number % fields_there : HAS("op-last") ? 1 : 0;
    struct text reply = say("{");
    for (int i = 0; i < fields_there; i++) {
        struct text *next = &fields[(first + i) % fields_there];
        text_say(&reply, "%s%s", i > 0 ? "," : "", next->bytes);
        text_free(next);
    }
    text_say(&reply, "}");
    return reply;
}
