/*
 * A worker written for the tests of the suite, with wire code of its own. `--faults a,b` makes it wrong, or harmlessly
 * different, in those ways; without any it keeps every rule. It is in C because it is started a thousand times a build.
 */
#ifndef WORKER_H
#define WORKER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this worker has that fault; each place looks it up once. */
#define HAS(name)                                      \
    ({                                                 \
        static int known = -1;                         \
        if (known < 0) known = faults_have(name);      \
        known;                                         \
    })
/* The same for a fault that some workers have only once they have joined a group. */
#define HAS_HERE(name) (HAS(name) || (HAS(name "-when-joined") && group_joined()))
#define SHUTDOWN_LINE "{\"op\":\"shutdown\"}\n"
bool faults_have(const char *name);
void faults_set(char *names);

/* ---- text.c: bytes that grow; there is always a NUL behind them */
struct text {
    char *bytes;
    size_t length, room;
};
void text_clear(struct text *text);
void text_add(struct text *text, const char *bytes, size_t length);
void text_say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_point(struct text *text, uint32_t point);
void text_replace(struct text *text, const char *old, const char *new);
void text_free(struct text *text);
bool text_is(const struct text *text, const char *word);
/* The code point at `at`, which moves behind it; surrogates are let through. -1 for what is not UTF-8, and moves by one. */
int32_t point_at(const char *bytes, size_t length, size_t *at);
bool is_utf8(const struct text *text);
struct text with_replacements(const struct text *text);

/* ---- blank.c */
bool is_blank(const struct text *line);

/* ---- arguments.c */
struct identity {
    uint64_t rank, size, device;
};
struct identity arguments_parse(int count, char **arguments);

/* ---- json.c */
struct member {
    struct text name, string;
    char kind;
};
struct json {
    char kind;       /* { [ " 0 t f n */
    char first;      /* of an array: the kind of its first item, 0 where there is none */
    struct text string;
    struct member *members;
    size_t count;
    int inner_ids;   /* fields named comm_id that are inside another */
};
/* False where the line is no JSON, with the reason in `why`. */
bool json_read(const struct text *line, struct json *value, const char **why);
void json_free(struct json *value);

/* ---- requests.c: the reply to one line, without its end */
struct text request_answer(const struct text *line);
void requests_start(struct identity identity, const char *stage);

/* ---- replies.c */
extern int request_number;
extern bool is_rank_0;
struct text say(const char *words);
struct text pong_reply(struct identity identity);
struct text error_reply(const char *kind, const char *message);
struct text error_with(const char *kind, const struct text *message);
void quote(struct text *out, const struct text *words);

/* ---- group.c: workers that meet in a folder, enough of a communicator for the suite's own tests */
bool is_comm_id(const struct text *text);
struct text group_init(struct identity identity, const struct text *comm_id);
struct text group_sanity(struct identity identity);
bool group_joined(void);
bool group_is_broken(void); /* a member has left */
bool group_failed(void); /* an init */
int group_refused_ids(void);
bool group_asked_again(void); /* for a second init, which was refused */
void group_error(void); /* an error was answered */
bool group_made(const char *comm_id); /* this process has made that id */
void group_wait_at_the_end(void);
void group_sum_at_the_end(void);
void group_wait_for_sums(void);
void group_leave(void);

/* ---- input.c */
void input_start(void);
int input_read(void); /* a byte, or -1 at the end */
size_t input_available(void);
bool input_is_over(void);
bool input_ends_in_a_line(void);
bool input_begins(void);
void input_skip_available(void);
void input_drain(void);

/* ---- output.c: false where nobody reads */
void output_start(void);
bool output_reply(const struct text *json);
bool output_idle(void);
bool output_flush(void);
bool output_end(void);
void log_line(const char *words);
bool output_was_full(void); /* whether the last write found no room */

/* ---- what signals find it at */
extern volatile sig_atomic_t in_a_line, in_a_write, in_a_group_call, had_an_error, had_an_init;

/* ---- habits.c */
void habits_start(void);
void habits_at_signals(void);
void fork_and_wait(void);
void fork_and_reap(void);
void leave_child(void);
void flood_stderr(void);
void grow(void);
void nap(long milliseconds);
_Noreturn void wait_for_ever(void);
int with_stack(int (*life)(void));

/* ---- loop.c: the exit code */
int serve_all(void);
void go_deaf(void);
_Noreturn void leave(int code);

#endif
