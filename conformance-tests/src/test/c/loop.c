/* The serve loop. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker.h"

#define CAP ((size_t)64 * 1024)

volatile sig_atomic_t in_a_line, had_an_error, had_an_init;
static bool at_the_end;

enum verdict { GOES_ON, ENDS, CANNOT_WRITE };

static int served;
static bool deaf, failed, had_bad_utf8;

/* For a worker that hears nothing any more. */
void go_deaf(void) {
    deaf = true;
}

static enum verdict reply(struct text *json) {
    bool taken = output_reply(json);
    text_free(json);
    return taken ? GOES_ON : CANNOT_WRITE;
}

/* For a worker that takes U+2028 and U+2029 for the end of a line. */
static enum verdict serve_parts(struct text *line) {
    text_replace(line, "\u2029", "\u2028");
    for (char *part = line->bytes, *end; part != NULL; part = end) {
        end = strstr(part, "\u2028");
        struct text piece = {0};
        text_add(&piece, part, end == NULL ? strlen(part) : (size_t)(end - part));
        if (end != NULL) end += strlen("\u2028");
        struct text json = request_answer(&piece);
        text_free(&piece);
        if (reply(&json) != GOES_ON) return CANNOT_WRITE;
    }
    return GOES_ON;
}

static bool tells(const struct text *json, const char *word) {
    return memmem(json->bytes, json->length, word, strlen(word)) != NULL;
}

/* For a worker that takes a line which comes twice in one write for one. */
static bool is_repeated(const struct text *line) {
    static struct text last;
    static bool pipelined;
    bool repeated = pipelined && last.length == line->length && memcmp(last.bytes, line->bytes, line->length) == 0;
    text_clear(&last);
    text_add(&last, line->bytes, line->length);
    pipelined = input_available() > 0;
    return repeated;
}

/* For a worker whose errors wait behind the next reply where there is a next request. */
static enum verdict reply_late(struct text *json, bool error) {
    static struct text held;
    if (error && held.length == 0 && input_available() > 0) {
        held = *json;
        return GOES_ON;
    }
    enum verdict verdict = reply(json);
    if (held.length > 0 && verdict == GOES_ON) verdict = reply(&held);
    return verdict;
}

/* For a worker that has a thread for long lines, and does not wait for it when it ends. */
static void forget_long(const struct text *line) {
    if (line->length < 1 << 20) return;
    nap(20);
    if (HAS("loses-long-lines-at-the-end") && input_is_over()) leave(0);
    if (HAS("bye-overtakes-long-lines") && input_available() == strlen(SHUTDOWN_LINE)) {
        struct text bye = say("{\"op\":\"bye\"}");
        reply(&bye);
        leave(0);
    }
}

static enum verdict serve_request(const struct text *line) {
    if (HAS("loses-long-lines-at-the-end") || HAS("bye-overtakes-long-lines")) forget_long(line);
    /* Before the reply: what is there after it may be the next request of one who did wait. */
    if (HAS_HERE("drops-pipelined")) input_skip_available();
    if (HAS("skips-repeated-lines") && is_repeated(line)) return GOES_ON;
    if (HAS("slow-replies")) nap(2);
    if (HAS("slow-at-100k") && line->length > 100 * 1024) nap(8000);
    if (HAS("forks-and-reaps") && served % 20 == 0) fork_and_reap();
    if (HAS("hesitates") && served % 100 == 99) nap(150);
    if (HAS("chatters")) fprintf(stderr, "request of %zu bytes\n", line->length);
    grow();
    if (HAS("drops-its-queue-at-the-end") && served < 10) nap(20);
    if (HAS("drops-its-queue-at-the-end") && !at_the_end && input_is_over()) leave(0);
    if (HAS("loses-checks-at-the-end") && tells(line, "sanity")) nap(50);
    if (HAS("loses-checks-at-the-end") && tells(line, "sanity") && input_is_over()) leave(0);
    if (HAS("loses-init-at-the-end") && at_the_end && tells(line, "init")) leave(0);
    struct text json = request_answer(line);
    bool bye = tells(&json, "\"bye\""), joins = tells(&json, "\"init_ok\""), sums = tells(&json, "_result\"");
    bool any_error = tells(&json, "\"op\":\"error\"");
    bool error = any_error && !tells(&json, "not_implemented");
    if (error && HAS("answers-some-errors-twice") && line->length < 3) {
        struct text same = {0};
        text_add(&same, json.bytes, json.length);
        if (reply(&same) != GOES_ON) return CANNOT_WRITE;
    }
    if (error && HAS("skips-short-junk") && line->length < 3) {
        text_free(&json);
        return GOES_ON;
    }
    if (HAS("errors-come-late") && !bye) return reply_late(&json, error);
    if (error) group_error();
    if ((bye && HAS("no-bye")) || (served == 6000 && HAS("loses-the-6000th-reply"))) text_free(&json);
    else if (reply(&json) != GOES_ON) {
        if (any_error && HAS("errors-need-no-reader")) return GOES_ON;
        if (any_error && HAS("errors-end-with-0-when-joined") && group_joined()) leave(0);
        if (tells(line, "sanity") && HAS("checks-need-no-reader")) return GOES_ON;
        if ((joins && HAS("init-ok-needs-no-reader")) || (sums && HAS("sums-need-no-reader"))) leave(0);
        return bye && HAS("bye-needs-no-reader") ? ENDS : CANNOT_WRITE;
    }
    failed = any_error;
    had_an_error = had_an_error || any_error;
    had_an_init = had_an_init || tells(line, "\"init\"");
    if ((error && HAS_HERE("dies-on-error")) || (any_error && HAS("dies-on-any-error"))) leave(1);
    deaf = deaf || (error && HAS_HERE("deaf-after-error")) || (any_error && HAS("deaf-after-any-error"));
    if (served == 6000 && HAS("logs-at-the-6000th-reply")) log_line("INFO 6000 replies\n");
    if (++served == 1000 && HAS("dies-after-1000")) leave(1);
    return bye ? ENDS : GOES_ON;
}

static enum verdict serve_bad_utf8(struct text *line) {
    had_bad_utf8 = true;
    if (HAS("any-bytes-in-shutdown") && tells(line, "shutdown")) {
        struct text decoded = with_replacements(line);
        return serve_request(&decoded);
    }
    if (HAS("dies-at-bad-utf8")) {
        fputs("stream did not contain valid UTF-8\n", stderr);
        leave(1);
    }
    if (HAS("skips-bad-utf8")) return GOES_ON;
    if (!HAS("takes-bad-utf8")) {
        struct text json = error_reply("bad_request", "not UTF-8");
        return reply(&json);
    }
    struct text decoded = with_replacements(line);
    enum verdict verdict = deaf ? GOES_ON : serve_request(&decoded);
    text_free(&decoded);
    return verdict;
}

static bool ends_in_cr(const struct text *line) {
    return line->length > 0 && line->bytes[line->length - 1] == '\r';
}

static bool takes_mark(const struct text *line) {
    if (strncmp(line->bytes, "\ufeff", 3) != 0) return false;
    return HAS("takes-bom") || (HAS("takes-bom-before-shutdown") && tells(line, "shutdown"))
        || (HAS("takes-bom-before-init") && tells(line, "init")) || (HAS("takes-bom-in-a-last-line") && at_the_end);
}

static enum verdict serve(struct text *line) {
    bool skimmed = HAS("skims-long-lines") && line->length > 100 * 1024;
    if (!skimmed && !is_utf8(line)) return serve_bad_utf8(line);
    if (takes_mark(line)) {
        memmove(line->bytes, line->bytes + 3, line->length - 2);
        line->length -= 3;
    }
    if (HAS("splits-at-line-separators") && tells(line, "\u2028")) return serve_parts(line);
    bool blank = is_blank(line);
    if (HAS("slow-lines")) nap(blank || served < 25 ? 20 : 2);
    if (blank && served == 0 && HAS("ends-at-a-blank-first-line")) leave(0);
    if (line->length > 3 << 19 && HAS("drops-what-is-behind-long-lines")) input_skip_available();
    if (line->length > 8 << 20 && HAS("drops-what-is-behind-8-mb")) input_skip_available();
    if (blank && HAS("ends-at-blank-line")) {
        output_end();
        leave(0);
    }
    bool answered = HAS_HERE("answers-blank-lines") || (HAS("answers-long-blanks") && line->length > CAP);
    answered = answered || (HAS("answers-4096-blanks") && line->length == 4096);
    answered = answered || (HAS("answers-megabytes-of-blanks") && line->length > 2 << 20);
    if ((blank && !answered) || deaf) return GOES_ON;
    return serve_request(line);
}

static void end_itself(int number) {
    signal(number, SIG_DFL);
    raise(number);
}

static int without_reader(void) {
    fprintf(stderr, "cannot write: %s\n", strerror(errno));
    if (HAS("swallows-write-errors")) input_drain();
    if (HAS("leaves-a-child-without-reader")) leave_child();
    if (HAS("aborts-without-reader")) abort();
    if (HAS("traps-without-reader")) __builtin_trap();
    if (HAS("ends-itself-without-reader")) end_itself(SIGTERM);
    if (HAS("exit-0-when-a-write-is-cut") && output_was_full()) return 0;
    return HAS_HERE("exit-0-without-reader") ? 0 : HAS("exit-3-without-reader") ? 3
        : HAS("exit-134-without-reader")                     ? 134
                                                             : 1;
}

static int after_bye(const struct text *shutdown) {
    if (HAS("leaves-a-child-after-bye")) leave_child();
    if (HAS("waits-for-the-rest-of-a-line") && input_ends_in_a_line()) input_drain();
    if (HAS("bye-and-exit-1-behind-a-cr") && ends_in_cr(shutdown)) return 1;
    if (HAS_HERE("bye-and-hang")) wait_for_ever();
    if (HAS("waits-for-eof")) input_drain();
    while (HAS("answers-after-bye") && input_available() > 0) {
        struct text json = {0};
        if (input_read() != '\n') continue;
        json = error_reply("bad_request", "shutting down");
        if (reply(&json) != GOES_ON) return without_reader();
    }
    if (HAS("closes-stdin-after-bye")) {
        fclose(stdin);
        nap(200);
    }
    if (HAS("slow-exit")) nap(1700);
    if (!output_end()) return without_reader();
    if (HAS("floods-stderr-at-end")) flood_stderr();
    if (had_bad_utf8 && HAS("bye-and-exit-1-after-bad-utf8")) return 1;
    return HAS("bye-and-exit-1") ? 1 : 0;
}

/* As a decoder does that reads a stream and is not told of its end. */
static void drop_cut_character(struct text *line) {
    size_t at = 0, whole = 0;
    while (at < line->length && point_at(line->bytes, line->length, &at) >= 0) whole = at;
    if (whole + 4 > line->length) line->length = whole;
    line->bytes[line->length] = '\0';
}

static bool drops_last(const struct text *line) {
    if (HAS("drops-a-last-sum") && group_joined() && tells(line, "sanity")) return true;
    if (HAS("drops-a-long-last-line") && line->length > CAP) return true;
    if (HAS("drops-a-last-line-of-8-mb") && line->length > 8 << 20) return true;
    if (HAS("drops-a-last-line-behind-a-blank") && line->length > 0 && line->bytes[0] == ' ') return true;
    return HAS("drops-last-line") || (HAS("drops-bad-last-line") && line->bytes[line->length - 1] != '}');
}

static int at_end_of_input(struct text *line) {
    bool cr = line->length == 1 && line->bytes[0] == '\r' && HAS("answers-a-last-cr");
    if (cr || (line->length > 0 && is_blank(line) && HAS("answers-last-blank"))) {
        struct text json = error_reply("bad_request", "blank");
        return reply(&json) == GOES_ON && output_end() ? 0 : without_reader();
    }
    if (line->length > 0 && HAS("exit-1-in-a-line")) return 1;
    if (HAS("drops-cut-characters")) drop_cut_character(line);
    at_the_end = true;
    if (line->length > 0 && !drops_last(line) && serve(line) == CANNOT_WRITE) {
        return HAS("the-last-line-needs-no-reader") ? 0 : without_reader();
    }
    if (line->length > 0 && is_blank(line) && HAS("exit-1-behind-a-blank")) return 1;
    if (line->length > 100000 && HAS("exit-1-behind-a-long-line")) return 1;
    if (line->length >= 16 << 20 && HAS("dies-behind-a-line-of-16-mb")) abort();
    if (HAS("leaves-a-child-at-eof")) leave_child();
    if (HAS("waits-for-its-group-at-eof") || HAS("middle-rank-waits-for-its-group-at-eof")) group_wait_at_the_end();
    if (HAS("hangs-at-eof-without-a-member") && group_is_broken()) wait_for_ever();
    if (HAS_HERE("ignores-eof")) {
        output_idle();
        wait_for_ever();
    }
    if (HAS("bye-at-eof")) {
        struct text bye = {0};
        text_say(&bye, "{\"op\":\"bye\"}");
        if (reply(&bye) != GOES_ON) return without_reader();
    }
    if (HAS("slow-at-eof")) nap(1200);
    if (!output_end()) return without_reader();
    if (HAS("floods-stderr-at-end")) flood_stderr();
    if (HAS("exit-1-at-eof-as-rank-0") && is_rank_0) return 1;
    if (HAS("exit-1-after-a-failed-init") && group_failed()) return 1;
    if (HAS("leaves-a-child-after-a-failed-init") && group_failed()) leave_child();
    return HAS("exit-1-at-eof") || (failed && HAS_HERE("exit-1-after-an-error")) ? 1 : 0;
}

/* What is done between two lines. */
static bool pause_between_lines(void) {
    bool flushes = HAS("flushes-when-drained") || HAS("leaves-unwritten-replies");
    if (flushes && input_available() == 0 && !output_flush()) return false;
    return input_available() > 0 || output_idle();
}

/* Whether the line's CR was the last of what one read gave. */
static bool came_alone(const struct text *line) {
    return ends_in_cr(line) && line->length > 1 && input_begins();
}

int serve_all(void) {
    struct text line = {0};
    text_clear(&line);
    for (;;) {
        in_a_line = line.length > 0;
        int c = input_read();
        if (c < 0) return at_end_of_input(&line);
        char byte = (char)c;
        bool ends = c == '\n' || (HAS("read-is-a-line") && input_available() == 0);
        if (c != '\n' && (!HAS("cuts-at-64k") || line.length < CAP)) text_add(&line, &byte, 1);
        if (!ends) continue;
        if (HAS("answers-a-lf-that-comes-behind-its-cr") && came_alone(&line)) serve(&line);
        enum verdict verdict = serve(&line);
        if (verdict == CANNOT_WRITE) return without_reader();
        if (verdict == ENDS) return after_bye(&line);
        text_clear(&line);
        if (!pause_between_lines()) return without_reader();
    }
}
