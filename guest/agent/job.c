/* Work that may block: a forked child that shares the agent's mounts, reports a reply through a
 * pipe and ends. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct job *jobs;

static int report = -1;   /* in the child */

bool job_fork(uint32_t req, void (*done)(struct container *, bool), struct container *c) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        reply_error(req, E_FAILED, "pipe: %s", strerror(errno));
        if (done) done(c, false);
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        report = fds[1];
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        return true;
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        reply_error(req, E_FAILED, "fork: %s", strerror(errno));
        if (done) done(c, false);
        return false;
    }
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    struct job *job = allocate(sizeof *job);
    *job = (struct job){.next = jobs, .fd = fds[0], .req = req, .done = done, .container = c};
    jobs = job;
    return false;
}

static _Noreturn void end_with(uint8_t code, const void *p, size_t n) {
    struct out out = {0};
    out_u8(&out, code);
    out_bytes(&out, p, n);
    for (size_t at = 0; at < out.len;) {
        ssize_t written = write(report, out.p + at, out.len - at);
        if (written <= 0) break;
        at += (size_t)written;
    }
    _exit(0);
}

void job_end(const struct out *fields) { end_with(OK, fields ? fields->p : NULL, fields ? fields->len : 0); }

void job_fail(int code, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct out out = {0};
    out_str(&out, text);
    end_with((uint8_t)code, out.p, out.len);
}

/* Held until the child ends. A host that was replaced may have left the same work running. */
void job_lock(void) {
    int fd = open("/run/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) job_fail(E_FAILED, "lock: %s", strerror(errno));
}

static void job_finish(struct job *job) {
    bool ok = job->result.len > 0 && job->result.p[0] == OK;
    if (job->done) job->done(job->container, ok);
    if (job->req && job->result.len > 0) wire_send(F_REPLY, job->req, job->result.p, job->result.len);
    else reply_error(job->req, E_FAILED, "the agent's helper process died");
    for (struct job **at = &jobs; *at; at = &(*at)->next) {
        if (*at != job) continue;
        *at = job->next;
        break;
    }
    close(job->fd);
    free(job->result.p);
    free(job);
}

void job_read(struct job *job) {
    uint8_t bytes[4096];
    for (;;) {
        ssize_t n = read(job->fd, bytes, sizeof bytes);
        if (n > 0 && job->result.len < MAX_CHUNK) out_bytes(&job->result, bytes, (size_t)n);
        else if (n == 0) {
            job_finish(job);
            return;
        } else if (n < 0 && errno != EINTR) {
            return;
        }
    }
}
