/* What the worker answers to one line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "worker.h"

#define BYE "{\"op\":\"bye\"}"

static const char *const LATER[] = {"load_dense_shard", "generate_step", "generate_step_with_images", "clear_kv_cache",
    "snapshot_kv_cache", "restore_kv_cache", "drop_kv_snapshot", "query_vram", "unload_model"};

static struct identity self;
static const char *marker; /* NULL: there is a group */
static size_t line_length;

void requests_start(struct identity identity, const char *stage) {
    self = identity;
    if (strcmp(stage, "7a-i") == 0) marker = "not_implemented_7a_i";
    if (strcmp(stage, "7a-ii-no-cuda") == 0) marker = "cuda_feature_not_enabled";
    if (HAS("wrong-marker")) marker = "not_implemented";
}

static struct text pong(void) {
    struct identity said = self;
    if (HAS("rank-plus-one-after-a-second-init") && group_asked_again()) said.rank++;
    if (HAS("bye-for-a-large-rank") && self.rank > INT32_MAX) return say(BYE);
    if ((HAS("init-ok-for-a-pong-after-a-second-init") && group_asked_again())
        || (HAS("init-ok-for-a-pong-after-nine-bad-ids") && group_refused_ids() >= 9)) return say("{\"op\":\"init_ok\"}");
    if (HAS("dies-at-a-ping-after-a-failed-init") && group_failed()) leave(1);
    if (HAS("deaf-at-a-ping-after-a-failed-init") && group_failed()) wait_for_ever();
    return HAS("marks-ping") ? error_reply(marker, "not yet") : pong_reply(said);
}

static struct text unknown(const struct text *op) {
    bool extension = op->length > 1 && strncmp(op->bytes, "x_", 2) == 0;
    if (HAS("dies-at-unknown-op") && !extension) {
        fputs("KeyError: no such op\n", stderr);
        leave(1);
    }
    if (HAS_HERE("takes-unknown-ops") || (HAS("takes-extensions") && extension)) return pong();
    for (size_t i = 0; i < sizeof LATER / sizeof *LATER && HAS("serves-later-ops"); i++) {
        struct text reply = {0};
        if (!text_is(op, LATER[i])) continue;
        text_say(&reply, "{\"op\":\"%s_ok\"}", LATER[i]);
        return reply;
    }
    struct text words = {0};
    if (HAS("answers-extensions") && extension) {
        text_add(&words, op->bytes, op->length);
        struct text reply = say("{\"op\":");
        quote(&reply, &words);
        text_say(&reply, ",\"x\":[1]}");
        text_free(&words);
        return reply;
    }
    text_say(&words, "no op ");
    size_t length = op->length;
    if (HAS("counts-characters")) {
        length = 0;
        for (int points = 0; points < 4000 && length < op->length; points++) point_at(op->bytes, op->length, &length);
    } else if (!HAS("quotes-whole-lines") && length > 50) {
        length = 50;
        while ((op->bytes[length] & 0xc0) == 0x80 && !HAS("cuts-characters")) length--;
    }
    text_add(&words, op->bytes, length);
    bool later = false;
    for (size_t i = 0; i < sizeof LATER / sizeof *LATER; i++) later = later || text_is(op, LATER[i]);
    const char *kind = HAS("own-error-kinds") && (extension || later) ? "no_such_extension"
        : HAS("says-unknown-op") || (HAS("two-unknown-kinds") && request_number % 2 == 0) ? "unknown_op"
        : HAS("long-ops-are-too-long") && op->length > 60000                                 ? "too_long"
        : HAS("long-lines-are-too-long") && line_length > 200000                            ? "too_long"
        : HAS("odd-unknown-kind")                                                            ? "no_such_op"
                                                                                              : "bad_request";
    struct text reply = error_with(kind, &words);
    text_free(&words);
    return reply;
}

static struct text sanity(void) {
    if (marker == NULL) return group_sanity(self);
    if (!HAS("sanity-succeeds")) return error_reply(marker, "not here");
    struct text reply = {0};
    text_say(&reply, "{\"op\":\"nccl_sanity_result\",\"observed_sum\":%" PRIu64 "}", self.size);
    return reply;
}

/* The first or the last field of that name, and how many there are. */
static const struct member *find(const struct json *request, const char *name, bool last, int *times) {
    const struct member *found = NULL;
    *times = 0;
    for (size_t i = 0; i < request->count; i++) {
        if (!text_is(&request->members[i].name, name)) continue;
        if (found == NULL || last) found = &request->members[i];
        ++*times;
    }
    return found;
}

static struct text init(const struct json *request) {
    int times;
    if (HAS("slow-init")) nap(400);
    if (HAS("only-workers-know-init") && is_rank_0) return error_reply("bad_request", "init comes from rank 0");
    const struct member *id = find(request, "comm_id", false, &times);
    if (id == NULL && HAS("comm-id-optional")) return error_reply(marker, "not here");
    if (id == NULL) return error_reply("bad_request", "comm_id is missing");
    if (request->inner_ids > 0 && HAS("counts-inner-comm-ids")) times++;
    if (times > 1 && !HAS("takes-comm-id-twice")) return error_reply("bad_request", "comm_id is given twice");
    if (id->kind != '"' && HAS("any-comm-id-type")) return error_reply(marker, "not here");
    if (id->kind != '"' && HAS("any-comm-id-type-when-joined") && group_joined()) {
        return error_reply("nccl_already_initialised", "already joined");
    }
    if (id->kind != '"') return error_reply("bad_request", "comm_id is no string");
    if (marker == NULL && request->count > 2 && HAS("init-has-two-fields")) return error_reply("nccl_init_failed", "fields");
    if (marker == NULL && id->string.length > 100000 && HAS("dies-at-long-ids")) leave(1);
    if (marker == NULL) return group_init(self, &id->string);
    if (id->string.length > 9000000 && HAS("ids-below-9-mb")) return error_reply("bad_request", "comm_id is too long");
    if (id->string.length > 1 << 20 && HAS("short-ids")) return error_reply("bad_request", "comm_id is too long");
    if (HAS("checks-digits") && !is_comm_id(&id->string)) return error_reply("bad_request", "comm_id is not 256 hex digits");
    if (HAS("no-marker-on-init")) return error_reply("bad_request", "unknown op init");
    return error_reply(marker, "not here");
}

/* What only some workers object to in an object with an op; NULL where there is nothing. */
static const char *objection(const struct json *request) {
    const struct member *members = request->members;
    int times;
    if (HAS("op-comes-first") && !text_is(&members[0].name, "op")) return "op must come first";
    for (size_t i = 0; i < request->count; i++) {
        const char *name = members[i].name.bytes;
        if (HAS("refuses-own-names") && (strcmp(name, "hasOwnProperty") == 0 || strcmp(name, "self") == 0)) return "own name";
        if (HAS("refuses-prototypes") && strcmp(name, "__proto__") == 0) return "a forbidden field";
        bool ours = text_is(&members[i].name, "op") || text_is(&members[i].name, "comm_id");
        if (HAS_HERE("refuses-unknown-fields") && !ours) return "unknown field";
        if (HAS("refuses-any-duplicate") && find(request, name, false, &times) && times > 1) return "a field twice";
    }
    const struct member *id = find(request, "comm_id", false, &times);
    if (HAS("types-foreign-comm-id") && id != NULL && id->kind != '"') return "comm_id is no string";
    return NULL;
}

static struct text bare_tag(const struct text *op) {
    const char *from = op->bytes, *end = op->bytes + op->length;
    struct text tag = {0};
    while (HAS("trims-op") && from < end && strchr(" \t\n\r\f\v", *from) != NULL) from++;
    while (HAS("trims-op") && from < end && strchr(" \t\n\r\f\v", end[-1]) != NULL) end--;
    text_add(&tag, from, (size_t)(end - from));
    /* Full-width letters are U+FF41 to U+FF5A: EF BD 81 to EF BD 9A. */
    for (char letter[] = "\uff41", plain[] = "a"; plain[0] <= 'z' && HAS("normalises-op"); letter[2]++, plain[0]++) {
        text_replace(&tag, letter, plain);
    }
    for (size_t i = 0; i < tag.length && HAS("any-case"); i++) {
        if (tag.bytes[i] >= 'A' && tag.bytes[i] <= 'Z') tag.bytes[i] |= 0x20;
    }
    return tag;
}

static struct text serve(const struct json *request, const struct text *op) {
    struct text tag = bare_tag(op);
    bool ping = text_is(&tag, "ping"), check = text_is(&tag, "nccl_sanity_check");
    bool join = text_is(&tag, "init"), end = text_is(&tag, "shutdown");
    if (HAS("trims-shutdown")) end = memmem(tag.bytes, tag.length, "shutdown", 8) != NULL && tag.length == 9;
    int versions;
    if (HAS("knows-a-version") && find(request, "version", false, &versions) != NULL) return error_reply("bad_request", "version");
    if (HAS("ops-by-their-beginning")) end = tag.length > 8 && strncmp(tag.bytes, "shutdown", 8) == 0;
    if (HAS("ops-of-17-letters")) check = tag.length > 16 && strncmp(tag.bytes, "nccl_sanity_check", 17) == 0;
    text_free(&tag);
    int sizes;
    if (ping && HAS("size-of-the-ping") && find(request, "world_size", false, &sizes) != NULL) {
        struct identity said = self;
        said.size = 77;
        return pong_reply(said);
    }
    if (ping) return pong();
    if (check && HAS("one-comm-id-in-checks")) {
        int ids;
        find(request, "comm_id", false, &ids);
        if (ids > 1) return error_reply("bad_request", "comm_id is given twice");
    }
    if (check) return sanity();
    if (join) return init(request);
    int times;
    const struct member *id = find(request, "comm_id", false, &times);
    if (end && HAS("types-comm-id-of-shutdown") && id != NULL && id->kind != '"') return error_reply("bad_request", "comm_id");
    if (end && (HAS("waits-for-its-group-at-shutdown") || HAS("rank-0-waits-for-its-group-at-shutdown"))) group_wait_at_the_end();
    if (end && HAS("sums-at-the-end")) group_sum_at_the_end();
    if (end && HAS("waits-for-sums-at-shutdown")) group_wait_for_sums();
    if (end && !(HAS("plain-shutdown-only") && request->count > 1)) return say(HAS("more-in-bye-of-rank-0") && is_rank_0 ? "{\"op\":\"bye\",\"rank\":0}" : BYE);
    return unknown(op);
}

/* What only some workers object to in long lines of one kind; NULL where there is nothing. */
static const char *objection_to_kind(const struct text *op) {
    if (line_length < 100000) return NULL;
    if (HAS("refuses-long-checks") && text_is(op, "nccl_sanity_check")) return "too long";
    if (HAS("refuses-long-inits") && text_is(op, "init")) return "too long";
    return HAS("refuses-long-shutdowns") && text_is(op, "shutdown") ? "too long" : NULL;
}

static struct text object(const struct json *request) {
    int times;
    const struct member *op = find(request, "op", HAS("last-op-wins"), &times);
    if (op == NULL && HAS("any-case-names")) op = find(request, "Op", false, &times);
    if (op == NULL) return error_reply("bad_request", "the field op is missing");
    if (times > 1 && !HAS("takes-op-twice") && !HAS("last-op-wins")) return error_reply("bad_request", "op is given twice");
    if (op->kind != '"') return HAS("any-op-type") ? pong() : error_reply("bad_request", "op is no string");
    const char *why = objection(request);
    if (why == NULL) why = objection_to_kind(&op->string);
    return why != NULL ? error_reply("bad_request", why) : serve(request, &op->string);
}

static struct text no_json(const struct text *line, const char *why) {
    if (HAS("dies-on-bad-json")) {
        fputs("bad JSON\n", stderr);
        leave(1);
    }
    struct text words = say(why);
    if (HAS("quotes-whole-lines")) {
        text_say(&words, ": ");
        text_add(&words, line->bytes, line->length);
    }
    struct text reply = error_with("bad_request", &words);
    text_free(&words);
    return reply;
}

/* An init with an escape, which a regular expression does not see. */
static bool is_spelled(const struct text *line) {
    return strstr(line->bytes, "in\\u0069t") != NULL;
}

static bool ends_in_blanks(const struct text *line, size_t many) {
    for (size_t i = 1; i <= many; i++) {
        if (line->bytes[line->length - i] != ' ') return false;
    }
    return true;
}

/* What only some workers object to in long lines; NULL where there is nothing. */
static const char *long_objection(const struct text *line) {
    static int long_ones;
    if (line->length > 64 * 1024 && HAS("refuses-long-lines-when-joined") && group_joined()) return "too long";
    if (line->length > 60000 && HAS("refuses-long-lines-with-cr") && line->bytes[line->length - 1] == '\r') return "CR";
    if (line->length > 60000 && HAS("refuses-long-blanks-behind") && line->bytes[line->length - 1] == ' ') return "blanks";
    if (line->length > 60000 && HAS("refuses-5000-blanks-behind") && ends_in_blanks(line, 5000)) return "blanks";
    if (line->length < 8 << 20) return NULL;
    if (HAS("refuses-the-third-long-line") && ++long_ones > 2) return "no memory";
    if (HAS("refuses-long-blanks") && line->bytes[0] == ' ' && line->bytes[1 << 20] == ' ') return "blanks";
    if (HAS("refuses-many-escapes") && memchr(line->bytes, '\\', 1 << 10) != NULL) return "escapes";
    return NULL;
}

struct text request_answer(const struct text *line) {
    struct json request;
    const char *why = long_objection(line);
    struct text reply;
    request_number++;
    line_length = line->length;
    if (why != NULL) return error_reply("bad_request", why);
    if (!json_read(line, &request, &why)) reply = no_json(line, why);
    else if (HAS("plain-sums-only") && group_joined() && strstr(line->bytes, "nccl\\u005f") != NULL) reply = error_reply("bad_request", "no op");
    else if (marker == NULL && HAS("plain-inits-only") && is_spelled(line)) reply = error_reply("nccl_init_failed", "no id");
    else if (request.kind == '{') reply = object(&request);
    else if (request.first == '"' && HAS("takes-positional")) reply = pong();
    else if (request.first == '{' && HAS("takes-batches")) reply = pong();
    else reply = error_reply("bad_request", "not an object");
    json_free(&request);
    return reply;
}
