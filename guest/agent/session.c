/* What the host asks for. A session begins with HELLO; what belonged to the one before ends. */
#include "agent.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static struct out parts;         /* of the request that is being received */

static void hello(struct in *in) {
    uint32_t version = in_u32(in);
    const uint8_t *nonce = in_bytes(in, 16), *seed;
    uint64_t seconds = in_u64(in);
    uint32_t nanos = in_u32(in), n;
    seed = in_blob(in, &n);
    if (in->bad || version < PROTOCOL_VERSION) return;
    wire_drop();
    parts.len = 0;
    stream_reset();
    for (struct job *job = jobs; job; job = job->next) job->req = 0;
    for (struct container *c = containers; c; c = c->next)
        if (c->remove_req) c->remove_req = 0;
    set_clock(seconds, nanos);
    reseed(seed, n);
    struct out out = {0};
    out_bytes(&out, nonce, 16);
    out_u32(&out, PROTOCOL_VERSION);
    wire_send(F_WELCOME, 0, out.p, out.len);
    free(out.p);
}

static void clock_request(uint32_t req, struct in *in) {
    uint64_t seconds = in_u64(in);
    uint32_t nanos = in_u32(in);
    if (!in->bad) set_clock(seconds, nanos);
    reply_ok(req);
}

/* Those that name a container. */
static void container_request(uint8_t op, uint32_t req, struct in *in) {
    const char *id = in_name(in);
    struct container *c = in->bad ? NULL : container_find(id);
    if (!c || !container_usable(c)) reply_error(req, E_NOT_FOUND, "there is no container %s", id);
    else if (op == OP_START) container_start(req, c);
    else if (op == OP_SIGNAL) container_signal(req, c, (int)in_u8(in));
    else if (op == OP_REMOVE) container_remove(req, c);
    else if (op == OP_ATTACH) container_attach(req, c);
    else if (op == OP_EXEC) container_exec(req, c, in);
    else if (op == OP_LAST_WORDS) container_last_words(req, c);
    else if (op == OP_LIMIT) container_limit(req, c, in);
    else if (op == OP_CONTAINER_RESIZE) {
        struct winsize size = {.ws_col = in_u16(in)};
        size.ws_row = in_u16(in);
        if (!in->bad && c->io->tty && c->io->out[0].fd >= 0) ioctl(c->io->out[0].fd, TIOCSWINSZ, &size);
        reply_ok(req);
    }
}

static void request(uint32_t req, const uint8_t *p, size_t n) {
    static void (*const work[])(struct in *) = {
        [OP_CONFIGURE] = network_configure, [OP_MEMORY_VOLUME] = volume_memory, [OP_DISK_VOLUME] = volume_disk,
        [OP_UNMOUNT] = volume_unmount, [OP_FILES] = volume_files, [OP_PROBE_HTTP] = probe_http, [OP_PROBE_TCP] = probe_tcp,
        [OP_GROW] = machine_grow, [OP_SYSCTLS] = machine_sysctls,
        [OP_RAW_VOLUME] = volume_raw, [OP_IMAGE_VOLUME] = volume_image, [OP_READ_FILE] = volume_read};
    struct in in = {p, n, false};
    uint8_t op = in_u8(&in);
    if (op < sizeof work / sizeof *work && work[op]) {
        if (job_fork(req, NULL, NULL)) {
            work[op](&in);
            job_end(NULL);
        }
        return;
    }
    switch (op) {
    case OP_CREATE: container_create(req, in.p, in.left); break;
    case OP_LIST: container_list(req); break;
    case OP_STATS: container_stats(req); break;
    case OP_CLOCK: clock_request(req, &in); break;
    case OP_CONNECT: network_connect(req, &in); break;
    case OP_POWEROFF:
        reply_ok(req);
        wire_flush();
        power_off();
    case OP_START: case OP_SIGNAL: case OP_REMOVE: case OP_ATTACH: case OP_EXEC: case OP_CONTAINER_RESIZE:
    case OP_LAST_WORDS: case OP_LIMIT:
        container_request(op, req, &in);
        break;
    default: reply_error(req, E_INVALID, "unknown request %u", op);
    }
}

void session_frame(const uint8_t *frame, size_t n) {
    struct in in = {frame, n, false};
    uint8_t type = in_u8(&in);
    uint32_t id = in_u32(&in);
    switch (type) {
    case F_HELLO: hello(&in); break;
    case F_PART:
        if (parts.len + in.left <= MAX_REQUEST) out_bytes(&parts, in.p, in.left);
        break;
    case F_REQUEST:
        if (parts.len == 0) {
            request(id, in.p, in.left);
            break;
        }
        out_bytes(&parts, in.p, in.left);
        struct out whole = parts;
        parts = (struct out){0};
        request(id, whole.p, whole.len);
        free(whole.p);
        break;
    default: stream_frame(type, id, &in);
    }
}
