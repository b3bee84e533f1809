/* Frames over the port. A frame is u32 length, u8 type, u32 id, payload; it travels with consistent
 * overhead byte stuffing (Cheshire & Baker 1999), so a zero byte is nowhere but between frames and
 * either side finds the next frame wherever the other broke off. */
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define QUEUE_SOFT (128u << 10)   /* stream data waits above this */
#define QUEUE_HARD (2u << 20)     /* replies to a host that does not read are lost above this */

static int port = -1, port_events = -1;

static uint8_t coded[MAX_FRAME + MAX_FRAME / 254 + 2];   /* the frame being received */
static size_t coded_len;
static bool too_long;

static struct out queue;          /* encoded, waiting for the port */
static size_t queue_start;

/* ---- fields ---- */

const uint8_t *in_bytes(struct in *in, size_t n) {
    if (in->bad || n > in->left) {
        in->bad = true;
        in->left = 0;
        return NULL;
    }
    const uint8_t *p = in->p;
    in->p += n;
    in->left -= n;
    return p;
}

static uint64_t in_number(struct in *in, int n) {
    const uint8_t *p = in_bytes(in, (size_t)n);
    uint64_t v = 0;
    for (int i = 0; p && i < n; i++) v = v << 8 | p[i];
    return v;
}

uint8_t in_u8(struct in *in) { return (uint8_t)in_number(in, 1); }
uint16_t in_u16(struct in *in) { return (uint16_t)in_number(in, 2); }
uint32_t in_u32(struct in *in) { return (uint32_t)in_number(in, 4); }
uint64_t in_u64(struct in *in) { return in_number(in, 8); }

const uint8_t *in_blob(struct in *in, uint32_t *n) {
    *n = in_u32(in);
    const uint8_t *p = in_bytes(in, *n);
    if (!p) *n = 0;
    return p;
}

const char *in_str(struct in *in) {
    uint32_t n = in_u32(in);
    const uint8_t *p = in_bytes(in, (size_t)n + 1);
    if (!p || p[n] != 0 || memchr(p, 0, n)) {
        in->bad = true;
        return "";
    }
    return (const char *)p;
}

const char *in_name(struct in *in) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *s = in_str(in);
    size_t n = strlen(s);
    if (n == 0 || n > MAX_NAME || s[0] == '.' || strspn(s, allowed) != n) in->bad = true;
    return s;
}

char **in_list(struct in *in) {
    uint32_t n = in_u32(in);
    if (n > in->left / 5) {              /* a string takes five bytes at least */
        in->bad = true;
        n = 0;
    }
    char **list = allocate((n + 1) * sizeof *list);
    for (uint32_t i = 0; i < n; i++) list[i] = (char *)(uintptr_t)in_str(in);
    list[n] = NULL;
    return list;
}

void out_bytes(struct out *out, const void *p, size_t n) {
    if (out->len + n > out->cap) {
        out->cap = (out->len + n) * 2;
        uint8_t *grown = realloc(out->p, out->cap);
        if (!grown) abort();
        out->p = grown;
    }
    if (n) memcpy(out->p + out->len, p, n);
    out->len += n;
}

static void out_number(struct out *out, uint64_t v, int n) {
    uint8_t b[8];
    for (int i = 0; i < n; i++) b[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    out_bytes(out, b, (size_t)n);
}

void out_u8(struct out *out, uint8_t v) { out_number(out, v, 1); }
void out_u32(struct out *out, uint32_t v) { out_number(out, v, 4); }
void out_u64(struct out *out, uint64_t v) { out_number(out, v, 8); }

void out_str(struct out *out, const char *s) {
    out_u32(out, (uint32_t)strlen(s));
    out_bytes(out, s, strlen(s) + 1);
}

/* ---- the port ---- */

int wire_open(void) {
    char path[300], name[32];
    for (int tries = 0; port < 0 && tries < 2000; tries++) {
        DIR *dir = opendir("/sys/class/virtio-ports");
        for (struct dirent *e; dir && (e = readdir(dir));) {
            snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", e->d_name);
            if (read_file(path, name, sizeof name) <= 0 || strcmp(name, "agent.0") != 0) continue;
            snprintf(path, sizeof path, "/dev/%s", e->d_name);
            port = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        }
        if (dir) closedir(dir);
        if (port < 0) sleep_ms(2);
    }
    if (port < 0) return -1;
    /* Edge-triggered, because a port without a host is "hung up" for as long as that lasts. */
    port_events = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
    if (epoll_ctl(port_events, EPOLL_CTL_ADD, port, &event) != 0) return -1;
    return port_events;
}

/* Decodes in place. Returns the length, 0 when it is no frame. */
static size_t decode(uint8_t *p, size_t n) {
    size_t r = 0, w = 0;
    while (r < n) {
        size_t code = p[r++];
        if (code - 1 > n - r) return 0;
        memmove(p + w, p + r, code - 1);
        w += code - 1;
        r += code - 1;
        if (code < 255 && r < n) p[w++] = 0;
    }
    struct in in = {p, w, false};
    return w >= 9 && in_u32(&in) == w - 4 ? w : 0;
}

static void receive(const uint8_t *p, size_t n) {
    while (n > 0) {
        const uint8_t *zero = memchr(p, 0, n);
        size_t part = zero ? (size_t)(zero - p) : n;
        if (part > sizeof coded - coded_len) too_long = true;
        if (!too_long) {
            memcpy(coded + coded_len, p, part);
            coded_len += part;
        }
        if (!zero) return;
        size_t frame = too_long ? 0 : decode(coded, coded_len);
        coded_len = 0;
        too_long = false;
        if (frame) session_frame(coded + 4, frame - 4);
        p += part + 1;
        n -= part + 1;
    }
}

void wire_read(void) {
    static uint8_t bytes[32768];
    struct epoll_event event;
    epoll_wait(port_events, &event, 1, 0);   /* takes the edge back */
    for (;;) {
        ssize_t n = read(port, bytes, sizeof bytes);
        if (n > 0) receive(bytes, (size_t)n);
        else if (n == 0 || errno != EINTR) return;   /* 0: no host */
    }
}

void wire_flush(void) {
    while (queue_start < queue.len) {
        size_t n = queue.len - queue_start;
        ssize_t written = write(port, queue.p + queue_start, n < 32768 ? n : 32768);
        if (written <= 0) {
            if (written < 0 && errno == EINTR) continue;
            return;
        }
        queue_start += (size_t)written;
    }
    queue_start = queue.len = 0;
}

bool wire_room(void) { return queue.len - queue_start < QUEUE_SOFT; }

void wire_drop(void) {
    queue_start = queue.len = 0;
    out_u8(&queue, 0);                       /* ends a frame that was half written */
}

static void encode(const uint8_t *p, size_t n) {
    while (true) {
        const uint8_t *zero = memchr(p, 0, n < 254 ? n : 254);
        size_t run = zero ? (size_t)(zero - p) : n < 254 ? n : 254;
        out_u8(&queue, (uint8_t)(run + 1));
        out_bytes(&queue, p, run);
        p += run;
        n -= run;
        if (zero) {                          /* the zero is implied, and a block must follow it */
            p++;
            n--;
        } else if (n == 0) {
            break;
        }
    }
}

void wire_send(uint8_t type, uint32_t id, const void *payload, size_t n) {
    static struct out frame;
    if (n > MAX_FRAME - 9 || queue.len - queue_start > QUEUE_HARD) return;
    if (queue_start > QUEUE_SOFT) {          /* keeps the front from growing for ever */
        memmove(queue.p, queue.p + queue_start, queue.len - queue_start);
        queue.len -= queue_start;
        queue_start = 0;
    }
    frame.len = 0;
    out_u32(&frame, (uint32_t)(5 + n));
    out_u8(&frame, type);
    out_u32(&frame, id);
    out_bytes(&frame, payload, n);
    encode(frame.p, frame.len);
    out_u8(&queue, 0);
}

void reply(uint32_t id, const struct out *fields) {
    struct out out = {0};
    out_u8(&out, OK);
    out_bytes(&out, fields->p, fields->len);
    if (id) wire_send(F_REPLY, id, out.p, out.len);
    free(out.p);
}

void reply_ok(uint32_t id) {
    struct out none = {0};
    reply(id, &none);
}

void reply_error(uint32_t id, int code, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct out out = {0};
    out_u8(&out, (uint8_t)code);
    out_str(&out, text);
    if (id) wire_send(F_REPLY, id, out.p, out.len);
    free(out.p);
}
