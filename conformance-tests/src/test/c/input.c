/* The worker's stdin. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "worker.h"

#define AHEAD (1 << 20)

/* What a worker without input does after a while. */
static const struct {
    int milliseconds, code;
} IDLE_END = {1500, 0}, IDLE_DEATH = {3000, 1};

static int source = STDIN_FILENO;
static char *buffer;
static size_t size, from, end, size_read;

/* Takes what comes as fast as it comes. */
static void *read_ahead(void *pipe_end) {
    int to = *(int *)pipe_end;
    static char piece[1 << 16];
    for (ssize_t n; (n = read(STDIN_FILENO, piece, sizeof piece)) > 0;) {
        for (ssize_t at = 0; at < n;) {
            ssize_t written = write(to, piece + at, (size_t)(n - at));
            if (written < 0) return NULL;
            at += written;
        }
    }
    close(to);
    return NULL;
}

void input_start(void) {
    size = HAS("reads-small-pieces") ? 61 : HAS("reads-large-pieces") ? 1 << 20 : 1 << 16;
    buffer = malloc(size);
    if (buffer == NULL) abort();
    if (!HAS("reads-ahead")) return;
    static int ends[2];
    pthread_t reader;
    if (pipe2(ends, O_CLOEXEC) < 0) abort();
    fcntl(ends[1], F_SETPIPE_SZ, AHEAD);
    source = ends[0];
    if (pthread_create(&reader, NULL, read_ahead, &ends[1]) != 0) abort();
}

static bool is_idle_for(int milliseconds) {
    struct pollfd input = {source, POLLIN, 0};
    return poll(&input, 1, milliseconds) == 0;
}

static void idle(void) {
    if (HAS("ends-when-idle") && is_idle_for(IDLE_END.milliseconds)) leave(IDLE_END.code);
    if (HAS("dies-when-idle") && is_idle_for(IDLE_DEATH.milliseconds)) leave(IDLE_DEATH.code);
    if (HAS("deaf-when-idle") && is_idle_for(IDLE_END.milliseconds)) go_deaf();
    if (HAS("deaf-before-its-first-request") && size_read == 0 && is_idle_for(IDLE_END.milliseconds)) go_deaf();
    if (HAS("leaves-the-group-when-idle") && group_joined() && is_idle_for(IDLE_END.milliseconds)) group_leave();
}

int input_read(void) {
    if (from == end) {
        idle();
        ssize_t n;
        do n = read(source, buffer, size);
        while (n < 0 && errno == EINTR);
        if (n <= 0) return -1;
        from = 0;
        end = (size_t)n;
        size_read += end;
    }
    return (unsigned char)buffer[from++];
}

size_t input_available(void) {
    int more = 0;
    if (from < end) return end - from;
    return ioctl(source, FIONREAD, &more) == 0 ? (size_t)more : 0;
}

/* Whether the byte last read was the first that a read gave. */
bool input_begins(void) {
    return from == 1;
}

/* Whether the line that comes last of what was read has no end yet. */
bool input_ends_in_a_line(void) {
    return from < end && buffer[end - 1] != '\n';
}

/* Whether nobody will write any more. */
bool input_is_over(void) {
    struct pollfd input = {source, POLLIN, 0};
    return poll(&input, 1, 0) > 0 && (input.revents & POLLHUP) != 0;
}

void input_skip_available(void) {
    from = end;
    for (size_t left = input_available(); left > 0; left--) input_read();
}

void input_drain(void) {
    char piece[1 << 12];
    from = end;
    while (read(source, piece, sizeof piece) > 0) {}
}
