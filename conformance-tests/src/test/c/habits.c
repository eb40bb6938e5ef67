/* Habits of real workers, harmful or not, that need more than a line. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define SMALL_STACK (256u << 10)
#define LARGE_STACK (512u << 20)

static sem_t held;

void nap(long milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {}
}

_Noreturn void wait_for_ever(void) {
    for (;;) pause();
}

static void start_child(const char *program, const char *argument, bool own_pipes) {
    static int to[2], back[2];
    if (own_pipes && (pipe2(to, O_CLOEXEC) < 0 || pipe2(back, O_CLOEXEC) < 0)) abort();
    if (fork() != 0) return;
    if (own_pipes) {
        dup2(to[0], STDIN_FILENO);
        dup2(back[1], STDOUT_FILENO);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    }
    execlp(program, program, argument, (char *)NULL);
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
    if (HAS("leaves-a-grandchild")) start_child("sleep", "300", false);
    if (HAS("has-a-helper")) start_child("cat", NULL, true);
    if (HAS("floods-stderr")) flood_stderr();
    if (HAS("closes-stderr")) dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
}

/* Lives as a launcher does: the worker is a child with the same pipes, and its exit code is passed on. */
void fork_and_wait(void) {
    int status;
    pid_t child = fork();
    if (child == 0) return;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void at_signal(int signal) {
    static const char said[] = "INFO worker was told to end\n";
    if (HAS("log-at-signal") && write(STDOUT_FILENO, said, sizeof said - 1) < 0) _exit(1);
    if (HAS("exits-0-at-signals")) _exit(0);
    if (HAS("slow-at-signals")) nap(700);
    if (HAS("survives-signals")) wait_for_ever();
    _exit(128 + signal);
}

/* SIGTERM, SIGINT and SIGHUP end it with 128 and their number, as many runtimes do it. */
void habits_at_signals(void) {
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !HAS("dies-by-signal"); i++) signal(ends[i], at_signal);
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
