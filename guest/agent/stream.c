/* Channels: the host's bytes to a process or socket, and back. Each channel has a ring and the
 * sender never has more than a window of unacknowledged bytes under way, so a slow side stops the
 * other one instead of filling memory. What a container wrote stays in its ring until the host has
 * acknowledged it, whichever host that is by then. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct stream *streams;

static uint32_t held(const struct ring *r) { return (uint32_t)(r->tail - r->head); }
static uint32_t space(const struct ring *r) { return r->cap - held(r); }

/* The longest run from an offset to the end of what is held, or of the array. */
static uint32_t run(const struct ring *r, uint64_t from, uint64_t to) {
    uint32_t at = (uint32_t)(from % r->cap), n = (uint32_t)(to - from);
    return n < r->cap - at ? n : r->cap - at;
}

static void set_fd(int *field, int fd) {
    *field = fd;
    if (fd >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

struct stream *stream_new(enum kind kind, uint32_t id) {
    int count = 0;
    for (struct stream *s = streams; s; s = s->next) count++;
    if (count >= MAX_STREAMS) return NULL;
    struct stream *s = allocate(sizeof *s);
    *s = (struct stream){.next = streams, .kind = kind, .id = id, .start_fd = -1};
    s->out[0].fd = s->out[1].fd = s->in.fd = -1;
    streams = s;
    return s;
}

struct stream *stream_find(uint32_t id) {
    for (struct stream *s = streams; s; s = s->next)
        if (s->id == id && !s->dead) return s;
    return NULL;
}

/* Gives the stream its descriptors; -1 where there is none. */
void stream_listen(struct stream *s, int out, int err, int in, uint32_t window) {
    int fds[2] = {out, err};
    for (int i = 0; i < 2; i++) {
        set_fd(&s->out[i].fd, fds[i]);
        s->out[i].eof = fds[i] < 0;
        s->out[i].ring.cap = window;
        if (fds[i] >= 0 && !s->out[i].ring.p) s->out[i].ring.p = allocate(window);
    }
    set_fd(&s->in.fd, in);
    s->in.ring.cap = STREAM_WINDOW;
    if (in >= 0 && !s->in.ring.p) s->in.ring.p = allocate(STREAM_WINDOW);
}

void stream_close_fds(struct stream *s) {
    close_fd(&s->out[0].fd);
    close_fd(&s->out[1].fd);
    close_fd(&s->in.fd);
    close_fd(&s->start_fd);
}

/* Takes what the process has written, as far as there is room. */
void stream_fill(struct stream *s, int channel) {
    struct output *o = &s->out[channel];
    while (o->fd >= 0 && space(&o->ring) > 0) {
        uint32_t n = run(&o->ring, o->ring.tail, o->ring.head + o->ring.cap);
        ssize_t got = read(o->fd, o->ring.p + o->ring.tail % o->ring.cap, n);
        if (got > 0) {
            o->ring.tail += (uint64_t)got;
            if ((uint32_t)got < n && !s->exited) return;   /* lets others have their turn */
            continue;
        }
        if (got < 0 && errno == EINTR) continue;
        /* A process that was left behind may hold the pipe: the end is that of the first one. */
        if (got < 0 && errno == EAGAIN && !s->exited) return;
        o->eof = true;
        close_fd(&o->fd);
    }
}

static void input_gone(struct stream *s) {
    close_fd(&s->in.fd);
    s->in.ring.head = s->in.ring.tail;
    static const uint8_t channel = 2;
    if (s->id) wire_send(F_END, s->id, &channel, 1);
}

void stream_drain(struct stream *s) {
    struct input *in = &s->in;
    uint64_t before = in->ring.head;
    while (in->fd >= 0 && held(&in->ring) > 0) {
        uint32_t n = run(&in->ring, in->ring.head, in->ring.tail);
        ssize_t put = write(in->fd, in->ring.p + in->ring.head % in->ring.cap, n);
        if (put > 0) in->ring.head += (uint64_t)put;
        else if (put < 0 && errno == EINTR) continue;
        else if (put < 0 && errno == EAGAIN) break;
        else {
            input_gone(s);
            return;
        }
    }
    if (in->ring.head != before && s->id) {
        struct out credit = {0};
        out_u8(&credit, 2);
        out_u32(&credit, (uint32_t)(in->ring.head - before));
        wire_send(F_CREDIT, s->id, credit.p, credit.len);
        free(credit.p);
    }
    if (in->end && in->fd >= 0 && held(&in->ring) == 0) {
        if (s->tty && write(in->fd, "\004", 1) < 0) note("terminal: %s", strerror(errno));
        if (s->kind == CONNECTION) shutdown(in->fd, SHUT_WR);
        close_fd(&in->fd);
    }
}

static void receive(struct stream *s, struct in *frame) {
    struct ring *r = &s->in.ring;
    if (in_u8(frame) != 2 || s->in.fd < 0 || s->in.end) return;   /* a race: it was closed here */
    if (frame->left > space(r)) return;                           /* the host broke the window */
    while (frame->left > 0) {
        uint32_t n = run(r, r->tail, r->head + r->cap);
        if (n > frame->left) n = (uint32_t)frame->left;
        memcpy(r->p + r->tail % r->cap, in_bytes(frame, n), n);
        r->tail += n;
    }
    if (s->deadline == 0) stream_drain(s);
}

static void acknowledge(struct stream *s, struct in *frame) {
    uint8_t channel = in_u8(frame);
    uint32_t n = in_u32(frame);
    if (frame->bad || channel > 1) return;
    struct output *o = &s->out[channel];
    if (n > o->sent - o->ring.head) return;
    o->ring.head += n;
    if (s->exited) stream_fill(s, channel);
}

static void close_by_host(struct stream *s) {
    if (s->kind == CONTAINER) {
        s->id = 0;
        return;
    }
    if (s->pid && !s->exited) kill(s->pid, SIGKILL);
    stream_close_fds(s);
    s->id = 0;
    s->start_req = 0;
    s->dead = s->kind == CONNECTION || s->exited;
}

static void resize(struct stream *s, struct in *frame) {
    struct winsize size = {0};
    size.ws_col = in_u16(frame);
    size.ws_row = in_u16(frame);
    int fd = s->out[0].fd >= 0 ? s->out[0].fd : s->in.fd;
    if (!frame->bad && s->tty && fd >= 0) ioctl(fd, TIOCSWINSZ, &size);
}

void stream_frame(uint8_t type, uint32_t id, struct in *frame) {
    struct stream *s = id ? stream_find(id) : NULL;
    if (!s) return;                                               /* a race: it has ended here */
    if (type == F_DATA) receive(s, frame);
    else if (type == F_CREDIT) acknowledge(s, frame);
    else if (type == F_RESIZE) resize(s, frame);
    else if (type == F_CLOSE) close_by_host(s);
    else if (type == F_END) {
        s->in.end = true;
        if (s->deadline == 0) stream_drain(s);
    }
}

static void pump_channel(struct stream *s, uint8_t channel) {
    static uint8_t frame[1 + MAX_CHUNK];
    struct output *o = &s->out[channel];
    while (o->sent < o->ring.tail && wire_room()) {
        uint32_t n = run(&o->ring, o->sent, o->ring.tail);
        if (n > MAX_CHUNK) n = MAX_CHUNK;
        frame[0] = channel;
        memcpy(frame + 1, o->ring.p + o->sent % o->ring.cap, n);
        wire_send(F_DATA, s->id, frame, 1 + n);
        o->sent += n;
    }
    /* A container may close its output and go on: the end of the stream is the end of both. */
    bool ended = o->eof && (s->kind != CONTAINER || s->exited);
    if (ended && o->sent == o->ring.tail && !o->end_sent && wire_room()) {
        wire_send(F_END, s->id, &channel, 1);
        o->end_sent = true;
    }
}

void stream_pump(void) {
    for (struct stream *s = streams; s; s = s->next) {
        if (!s->id || s->dead || s->start_req || s->deadline) continue;
        pump_channel(s, 0);
        pump_channel(s, 1);
        bool ended = s->out[0].end_sent && s->out[1].end_sent;
        if (s->kind == EXEC && s->exited && ended && !s->exit_sent) {
            struct out code = {0};
            out_u32(&code, (uint32_t)s->code);
            wire_send(F_EXIT, s->id, code.p, code.len);
            free(code.p);
            s->exit_sent = true;
        }
    }
}

/* The process was reaped: what is left in its pipes is all there is. */
void stream_exited(struct stream *s, int code) {
    s->exited = true;
    s->code = code;
    if (s->start_fd >= 0) stream_started(s);                      /* the report comes first */
    stream_fill(s, 0);
    stream_fill(s, 1);
    close_fd(&s->in.fd);
    if (s->kind == EXEC && !s->id) s->dead = true;
}

void stream_started(struct stream *s) {
    if (s->start_fd < 0) return;                                  /* closed in this very round */
    uint8_t report[600];
    ssize_t n = read(s->start_fd, report, sizeof report);
    if (n < 0 && (errno == EAGAIN || errno == EINTR) && !s->exited) return;
    close_fd(&s->start_fd);
    if (n > 0) {
        s->start_failed = true;
        if (s->start_req) wire_send(F_REPLY, s->start_req, report, (size_t)n);
        if (s->kind == EXEC) {
            s->id = 0;                                            /* freed when it is reaped */
            stream_close_fds(s);
        }
    } else {
        reply_ok(s->start_req);
    }
    s->start_req = 0;
}

void stream_connected(struct stream *s, bool expired) {
    if (!s->deadline || s->dead) return;
    int error = expired ? ETIMEDOUT : 0;
    socklen_t n = sizeof error;
    if (!expired) getsockopt(s->in.fd, SOL_SOCKET, SO_ERROR, &error, &n);
    if (error) {
        reply_error(s->id, expired ? E_TIMEOUT : E_FAILED, "%s", strerror(error));
        stream_close_fds(s);
        s->dead = true;
        return;
    }
    s->deadline = 0;
    reply_ok(s->id);
    stream_drain(s);
}

void stream_reset(void) {
    for (struct stream *s = streams; s; s = s->next) {
        if (s->kind != CONTAINER) {
            close_by_host(s);
            continue;
        }
        s->id = s->start_req = 0;
        for (int i = 0; i < 2; i++) {
            s->out[i].sent = s->out[i].ring.head;
            s->out[i].end_sent = false;
        }
    }
}

void stream_reap(void) {
    for (struct stream **at = &streams; *at;) {
        struct stream *s = *at;
        bool finished = s->exit_sent
            || (s->kind == CONNECTION && s->out[0].end_sent && s->in.fd < 0
                && s->out[0].ring.head == s->out[0].ring.tail);
        if (!s->dead && !finished) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        stream_close_fds(s);
        free(s->out[0].ring.p);
        free(s->out[1].ring.p);
        free(s->in.ring.p);
        free(s);
    }
}
