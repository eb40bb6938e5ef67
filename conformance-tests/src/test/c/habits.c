/* Habits of real workers, harmful or not, that need more than a line. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define SMALL_STACK (256u << 10)
#define LARGE_STACK (512u << 20)

static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
#define ENDS (sizeof ends / sizeof *ends)

static sem_t held;

void nap(long milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {}
}

_Noreturn void wait_for_ever(void) {
    for (;;) pause();
}

/* A child that holds whatever pipes this worker has. */
void leave_child(void) {
    if (fork() != 0) return;
    execlp("sleep", "sleep", "300", (char *)NULL);
    _exit(127);
}

/* Left by its parents, with a session and pipes of its own. */
static void leave_daemon(void) {
    pid_t child = fork();
    if (child != 0) {
        waitpid(child, NULL, 0);
        return;
    }
    setsid();
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int descriptor = 0; descriptor < 3; descriptor++) dup2(nothing, descriptor);
    leave_child();
    _exit(0);
}

/* A child that shows by its parent alone whose it is; it reads this to its end. */
static void start_bare(int input, char *const words[]) {
    if (fork() != 0) return;
    setsid();
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(input < 0 ? nothing : input, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execvpe(words[0], words, (char *[]){NULL});
    _exit(127);
}

static void start_bare_helper(void) {
    static int to[2];
    if (pipe2(to, O_CLOEXEC) < 0) abort();
    start_bare(to[0], (char *[]){"cat", NULL});
    close(to[0]);
}

/* A short-lived child, waited for. */
void fork_and_reap(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, NULL, 0);
}

/* A gigabyte that is mapped, of which some is used. */
static void take_memory(void) {
    char *memory = mmap(NULL, 1u << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) abort();
    memset(memory, 1, 64u << 20);
}

static void start_helper(void) {
    static int to[2], back[2];
    if (pipe2(to, O_CLOEXEC) < 0 || pipe2(back, O_CLOEXEC) < 0) abort();
    if (fork() != 0) return;
    dup2(to[0], STDIN_FILENO);
    dup2(back[1], STDOUT_FILENO);
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    execlp("cat", "cat", (char *)NULL);
    _exit(127);
}

void flood_stderr(void) {
    char line[200];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 5000; i++) fwrite(line, 1, sizeof line, stderr);
}

/* As a process does that is being started just now, and has not closed yet what it got from the one that starts it. */
static void *hold_stdout_open(void *unused) {
    int other_end = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    (void)unused;
    sem_post(&held);
    nap(300);
    close(other_end);
    return NULL;
}

static void hold_stdout(void) {
    pthread_t holder;
    sem_init(&held, 0, 0);
    if (pthread_create(&holder, NULL, hold_stdout_open, NULL) != 0) abort();
    sem_wait(&held);
}

void habits_start(void) {
    if (HAS("holds-stdout-open")) hold_stdout();
    if (HAS("slow-start")) nap(1000);
    if (HAS("leaves-a-grandchild")) leave_child();
    if (HAS("leaves-a-daemon")) leave_daemon();
    if (HAS("leaves-a-bare-child")) start_bare(-1, (char *[]){"sleep", "300", NULL});
    if (HAS("has-a-bare-helper")) start_bare_helper();
    if (HAS("takes-a-gigabyte")) take_memory();
    if (HAS("has-a-helper")) start_helper();
    if (HAS("floods-stderr")) flood_stderr();
    if (HAS("closes-stderr")) dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
}

static pid_t launched;

static void pass_on(int signal) {
    kill(launched, signal);
}

/*
 * Lives as a launcher does: the worker is a child with the same pipes, and its exit code is passed on. A good one passes
 * signals on too; a start script without exec does not, and SIGTERM ends it alone.
 */
void fork_and_wait(void) {
    int status;
    pid_t child = fork();
    if (child == 0) return;
    launched = child;
    for (size_t i = 0; i < ENDS; i++) signal(ends[i], HAS("script-without-exec") ? SIG_DFL : pass_on);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void at_signal(int signal) {
    static const char said[] = "INFO worker was told to end\n";
    if (HAS("log-at-signal") && write(STDOUT_FILENO, said, sizeof said - 1) < 0) _exit(1);
    if (HAS("leaves-a-child-at-signals")) leave_child();
    if (HAS("exits-0-at-signals")) _exit(0);
    if (HAS("slow-at-signals")) nap(700);
    if (HAS("survives-signals-in-a-line") && in_a_line) return;
    if (HAS("survives-signals-in-a-write") && in_a_write) return;
    if (HAS("survives-signals-in-a-group-call") && in_a_group_call) return;
    if (HAS("survives-signals-in-a-group-call-as-another") && in_a_group_call && !is_rank_0) return;
    if (HAS("survives-signals-without-a-member") && group_is_broken()) return;
    if (HAS("survives-sigterm-unasked") && signal == SIGTERM && request_number == 0) return;
    if (HAS("survives-sigterm-after-an-error") && signal == SIGTERM && had_an_error) return;
    if (HAS("survives-sigterm-as-rank-0") && signal == SIGTERM && is_rank_0) return;
    if (HAS("survives-sigint-unasked") && signal == SIGINT && request_number == 0) return;
    if (HAS("survives-sigint-after-an-error") && signal == SIGINT && had_an_error) return;
    if (HAS("survives-sigint-as-rank-0") && signal == SIGINT && is_rank_0) return;
    if (HAS("survives-sigint-after-an-init") && signal == SIGINT && had_an_init) return;
    if (HAS("survives-sigterm-after-an-init") && signal == SIGTERM && had_an_init) return;
    if (HAS("survives-sigint-in-a-write") && signal == SIGINT && in_a_write) return;
    if (HAS("survives-sigint-in-a-group-call") && signal == SIGINT && in_a_group_call) return;
    bool survives = HAS_HERE("survives-signals") || (signal == SIGTERM ? HAS("survives-sigterm") : HAS("survives-sigint"));
    if (survives) return;
    _exit(128 + signal);
}

/* SIGTERM, SIGINT and SIGHUP end it with 128 and their number, as many runtimes do it. */
void habits_at_signals(void) {
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < ENDS && !HAS("dies-by-signal"); i++) signal(ends[i], at_signal);
}

static void *run(void *life) {
    return (void *)(intptr_t)(*(int (**)(void))life)();
}

/* In a thread with a stack that no request is too deep for, or with one that is soon too small. */
int with_stack(int (*life)(void)) {
    pthread_attr_t attributes;
    pthread_t thread;
    void *code;
    if (!HAS("takes-any-depth") && !HAS("stack-overflow")) return life();
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, HAS("stack-overflow") ? SMALL_STACK : LARGE_STACK);
    if (pthread_create(&thread, &attributes, run, &life) != 0) abort();
    pthread_join(thread, &code);
    return (int)(intptr_t)code;
}
