/* The worker's stdout. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

bool is_rank_0;

static struct text held; /* what is not flushed yet */
static struct text late; /* the reply that comes after its successor */

volatile sig_atomic_t in_a_write;

static bool was_full;

bool output_was_full(void) {
    return was_full;
}

static bool has_room(int milliseconds) {
    struct pollfd room = {STDOUT_FILENO, POLLOUT, 0};
    return poll(&room, 1, milliseconds) != 0;
}

static bool put(const char *bytes, size_t length) {
    while (length > 0) {
        if (HAS("drops-replies-after-a-second") && !has_room(1000)) return true;
        if (HAS("exit-0-when-a-write-is-cut")) was_full = !has_room(0);
        in_a_write = 1;
        ssize_t n = write(STDOUT_FILENO, bytes, length);
        in_a_write = 0;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

static bool put_in_pieces(const struct text *text, size_t piece) {
    for (size_t at = 0; at < text->length; at += piece) {
        if (!put(text->bytes + at, at + piece < text->length ? piece : text->length - at)) return false;
        if (HAS("pauses-in-replies")) usleep(300);
    }
    return true;
}

static struct text pending; /* of an event loop, which writes what the pipe takes */

static bool write_pending(bool patient) {
    fcntl(STDOUT_FILENO, F_SETFL, O_WRONLY | O_NONBLOCK);
    while (pending.length > 0) {
        struct pollfd room = {STDOUT_FILENO, POLLOUT, 0};
        ssize_t n = write(STDOUT_FILENO, pending.bytes, pending.length);
        if (n < 0 && errno != EAGAIN) return false;
        if (n < 0 && (!patient || poll(&room, 1, -1) < 0)) return true;
        if (n > 0) memmove(pending.bytes, pending.bytes + n, pending.length -= (size_t)n);
    }
    return true;
}

static bool raw(const struct text *text) {
    if (HAS("leaves-unwritten-replies")) {
        text_add(&pending, text->bytes, text->length);
        return write_pending(false);
    }
    if (HAS("pauses-in-replies")) return put_in_pieces(text, text->length / 3 + 1);
    return HAS("split-writes") ? put_in_pieces(text, 1) : put(text->bytes, text->length);
}

void log_line(const char *words) {
    put(words, strlen(words));
}

void output_start(void) {
    if (HAS("log-at-start")) log_line("INFO worker starts\n");
    if (HAS("json-log-at-start")) log_line("{\"level\":\"info\",\"message\":\"worker starts\"}\n");
    if (HAS("nccl-debug-on-stdout") && getenv("NCCL_DEBUG") != NULL) {
        log_line("host:1:1 [0] NCCL INFO Bootstrap : Using lo:127.0.0.1<0>\n");
    }
}

static bool send_line(const struct text *line) {
    if (!HAS("no-flush") && !HAS("flushes-when-drained")) return raw(line);
    text_add(&held, line->bytes, line->length);
    return true;
}

static struct text line_of(const struct text *json) {
    struct text line = {0};
    if (HAS("bom")) text_add(&line, "\ufeff", 3);
    text_add(&line, json->bytes, json->length);
    if (HAS("pretty")) {
        text_replace(&line, "{", "{\n  ");
        text_replace(&line, "\",\"", "\",\n  \"");
        text_replace(&line, "}", "\n}");
    }
    bool spaced = request_number > 6000 && HAS("spaced-from-the-6000th-reply");
    if (spaced || HAS("spaced")) text_replace(&line, ":", ": ");
    if (HAS("cr-inside")) text_replace(&line, "\":", "\":\r");
    text_say(&line, HAS("crlf") ? "\r\n" : "\n");
    return line;
}

bool output_reply(const struct text *json) {
    struct text line = line_of(json), newline = {.bytes = (char[]){"\n"}, .length = 1};
    if (HAS("out-of-order") && late.length == 0) {
        late = line;
        return true;
    }
    bool taken = send_line(&line) && output_idle();
    if (HAS("two-replies")) taken = taken && send_line(&line);
    if (HAS("blank-line-after-reply")) taken = taken && send_line(&newline);
    text_free(&line);
    return taken;
}

/* Nothing more is there to read at the moment. */
bool output_idle(void) {
    if (late.length == 0) return true;
    bool taken = send_line(&late);
    text_free(&late);
    return taken;
}

bool output_flush(void) {
    if (HAS("leaves-unwritten-replies")) return write_pending(true);
    bool taken = put(held.bytes, held.length);
    text_clear(&held);
    return taken;
}

bool output_end(void) {
    bool taken = output_idle() && (HAS("leaves-unwritten-replies") || output_flush());
    if (HAS("log-at-exit")) log_line("INFO worker ends\n");
    if (HAS("rank-0-logs-at-exit") && is_rank_0) log_line("INFO worker ends\n");
    if (HAS("json-log-at-exit")) log_line("{\"level\":\"info\",\"message\":\"worker ends\"}\n");
    if (HAS("closes-stdout-first")) {
        close(STDOUT_FILENO);
        nap(200);
    }
    return taken;
}
