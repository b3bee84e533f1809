/* The loop. Interest in descriptors follows from the state of streams and jobs each time round, so
 * nothing has to be registered or can be forgotten. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_POLLED (4 + 4 * MAX_STREAMS + 256)

enum what { PORT, CHILDREN, JOB, STARTED, OUTPUT0, OUTPUT1, INPUT, CONNECTED };

static struct pollfd polled[MAX_POLLED];
static struct {
    enum what what;
    void *of;
} target[MAX_POLLED];
static nfds_t count;

void *allocate(size_t n) {
    void *p = malloc(n ? n : 1);
    if (!p) abort();
    return p;
}

/* To the console, which is there when somebody debugs the guest. */
void note(const char *format, ...) {
    va_list args;
    va_start(args, format);
    dprintf(2, "agent: ");
    vdprintf(2, format, args);
    dprintf(2, "\n");
    va_end(args);
}

bool write_file(const char *path, const char *format, ...) {
    va_list args;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return false;
    va_start(args, format);
    bool ok = vdprintf(fd, format, args) >= 0;
    va_end(args);
    close(fd);
    return ok;
}

/* Reads what fits and cuts a last line feed. */
ssize_t read_file(const char *path, char *text, size_t n) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    size_t have = 0;
    for (ssize_t got; have < n - 1 && (got = read(fd, text + have, n - 1 - have)) > 0;) have += (size_t)got;
    close(fd);
    if (have > 0 && text[have - 1] == '\n') have--;
    text[have] = 0;
    return (ssize_t)have;
}

void make_dirs(const char *path, mode_t mode) {
    char part[256];
    for (size_t i = 1; i < sizeof part && path[i - 1]; i++) {
        if (path[i] != '/' && path[i] != 0) continue;
        memcpy(part, path, i);
        part[i] = 0;
        mkdir(part, mode);
    }
}

void sleep_ms(int ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l};
    nanosleep(&t, NULL);
}

uint64_t now(int clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void want(int fd, short events, enum what what, void *of) {
    if (fd < 0 || count == MAX_POLLED) return;
    polled[count] = (struct pollfd){.fd = fd, .events = events};
    target[count].what = what;
    target[count++].of = of;
}

static void want_stream(struct stream *s) {
    want(s->start_fd, POLLIN, STARTED, s);
    if (s->deadline) {
        want(s->in.fd, POLLOUT, CONNECTED, s);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (s->out[i].ring.tail - s->out[i].ring.head < s->out[i].ring.cap) want(s->out[i].fd, POLLIN, i ? OUTPUT1 : OUTPUT0, s);
    if (s->in.ring.tail > s->in.ring.head) want(s->in.fd, POLLOUT, INPUT, s);
}

static void reap(int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) > 0) continue;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        for (struct stream *s = streams; s; s = s->next) {
            if (s->pid != pid || s->exited) continue;
            stream_exited(s, code);
            if (s->kind == CONTAINER) container_exited(s->container, code);
            break;
        }
    }
}

static void serve(enum what what, void *of, int fd) {
    switch (what) {
    case PORT: wire_read(); break;
    case CHILDREN: reap(fd); break;
    case JOB: job_read(of); break;
    case STARTED: stream_started(of); break;
    case OUTPUT0: stream_fill(of, 0); break;
    case OUTPUT1: stream_fill(of, 1); break;
    case INPUT: stream_drain(of); break;
    case CONNECTED: stream_connected(of, false); break;
    }
}

/* Milliseconds until the first connection attempt expires; -1 when none is going on. */
static int expire(void) {
    uint64_t t = now(CLOCK_MONOTONIC), next = 0;
    for (struct stream *s = streams; s; s = s->next) {
        if (!s->deadline || s->dead) continue;
        if (s->deadline <= t) stream_connected(s, true);
        else if (!next || s->deadline < next) next = s->deadline;
    }
    return next ? (int)((next - t) / 1000000) + 1 : -1;
}

int main(void) {
    boot();
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), port = wire_open();
    if (port < 0) note("no port agent.0: the host can not be reached");
    for (;;) {
        int wait = expire();
        stream_pump();
        wire_flush();
        stream_reap();
        count = 0;
        want(port, POLLIN, PORT, NULL);
        want(signals, POLLIN, CHILDREN, NULL);
        for (struct job *job = jobs; job; job = job->next) want(job->fd, POLLIN, JOB, job);
        for (struct stream *s = streams; s; s = s->next) want_stream(s);
        if (poll(polled, count, wait) < 0) continue;
        for (nfds_t i = 0; i < count; i++)
            if (polled[i].revents) serve(target[i].what, target[i].of, polled[i].fd);
    }
}
