/* The guest agent: init of a sandbox's virtual machine, driven by the host over one virtio-serial
 * port (../PROTOCOL.md). One thread, one poll loop. Whatever may block runs in a forked child: a
 * job (a request's work, reports once) or a process of a container.
 *
 * Trust: the host is trusted, containers are not. Nothing a container does may block the loop, make
 * a buffer grow or reach the port.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define PROTOCOL_VERSION 1
#define MAX_FRAME 65536            /* decoded, its length field included */
#define MAX_REQUEST (8u << 20)     /* all parts of a request together */
#define MAX_CHUNK 32768            /* stream bytes in a frame */
#define STREAM_WINDOW 65536        /* unacknowledged bytes of a channel: exec, connection, stdin */
#define OUTPUT_WINDOW 131072       /* the same for a container's stdout and stderr */
#define MAX_STREAMS 256            /* containers, execs and connections */
#define MAX_NAME 64
#define MAX_READ 32000             /* bytes of a volume's file that are read at once */

/* Frame types. From the host: HELLO to CLOSE; from the guest: DATA to CREDIT and WELCOME on. */
enum {
    F_HELLO = 1, F_REQUEST, F_PART, F_DATA, F_END, F_CREDIT, F_RESIZE, F_CLOSE,
    F_WELCOME = 0x81, F_REPLY, F_EXIT, F_CONTAINER_EXIT
};

enum {
    OP_CONFIGURE = 1, OP_MEMORY_VOLUME, OP_DISK_VOLUME, OP_UNMOUNT, OP_FILES, OP_CREATE, OP_START,
    OP_SIGNAL, OP_REMOVE, OP_LIST, OP_ATTACH, OP_EXEC, OP_PROBE_HTTP, OP_PROBE_TCP, OP_CONNECT,
    OP_STATS, OP_CLOCK, OP_POWEROFF, OP_CONTAINER_RESIZE, OP_LAST_WORDS, OP_LIMIT, OP_GROW, OP_SYSCTLS,
    OP_RAW_VOLUME, OP_IMAGE_VOLUME, OP_READ_FILE
};

enum { OK, E_NOT_FOUND, E_CONFLICT, E_INVALID, E_NOT_EXECUTABLE, E_FAILED, E_TIMEOUT };

/* ---- wire.c: frames over the port ---- */

/* Reads fields; after one that does not fit, bad stays set and every field is zero or "". */
struct in {
    const uint8_t *p;
    size_t left;
    bool bad;
};
uint8_t in_u8(struct in *in);
uint16_t in_u16(struct in *in);
uint32_t in_u32(struct in *in);
uint64_t in_u64(struct in *in);
const uint8_t *in_bytes(struct in *in, size_t n);
const uint8_t *in_blob(struct in *in, uint32_t *n);
const char *in_str(struct in *in);       /* points into the message, ends with NUL */
const char *in_name(struct in *in);      /* a string that may be part of a path */
char **in_list(struct in *in);           /* strings; malloc'ed, ends with NULL */

/* Builds a payload; grows. */
struct out {
    uint8_t *p;
    size_t len, cap;
};
void out_u8(struct out *out, uint8_t v);
void out_u32(struct out *out, uint32_t v);
void out_u64(struct out *out, uint64_t v);
void out_bytes(struct out *out, const void *p, size_t n);
void out_str(struct out *out, const char *s);

int wire_open(void);                     /* the descriptor to poll for input; -1 without a port */
void wire_read(void);                    /* takes what has arrived, calls session_frame */
void wire_flush(void);                   /* gives the port what it takes */
bool wire_room(void);                    /* whether stream data may be queued */
void wire_drop(void);                    /* forgets what is queued */
void wire_send(uint8_t type, uint32_t id, const void *payload, size_t n);
void reply(uint32_t id, const struct out *fields);
void reply_ok(uint32_t id);
void reply_error(uint32_t id, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- session.c: requests ---- */

void session_frame(const uint8_t *frame, size_t n);

/* ---- stream.c: channels between the host and descriptors ---- */

struct ring {
    uint8_t *p;
    uint32_t cap;
    uint64_t head, tail;                 /* offsets since the start: [head, tail) is held */
};
struct output {                          /* guest to host; head is what the host has acknowledged */
    int fd;
    struct ring ring;
    uint64_t sent;
    bool eof, end_sent;
};
struct input {                           /* host to guest */
    int fd;
    struct ring ring;
    bool end;                            /* the host will send no more */
};
enum kind { EXEC, CONTAINER, CONNECTION };
struct container;
struct stream {
    struct stream *next;
    enum kind kind;
    uint32_t id;                         /* of the request that opened it; 0: nobody listens */
    struct output out[2];
    struct input in;
    bool tty;
    pid_t pid;                           /* 0 before the start */
    bool exited, exit_sent, start_failed;
    int code;
    int start_fd;                        /* reads what hindered the exec; end of file: nothing */
    uint32_t start_req;
    uint64_t deadline;                   /* of a connection being made; 0: it is made */
    struct container *container;
    bool dead;                           /* to be freed by the loop */
};
extern struct stream *streams;
struct stream *stream_new(enum kind kind, uint32_t id);
struct stream *stream_find(uint32_t id);
void stream_listen(struct stream *s, int out, int err, int in, uint32_t window);
void stream_frame(uint8_t type, uint32_t id, struct in *in);
void stream_pump(void);                  /* queues frames for what the channels hold */
void stream_fill(struct stream *s, int channel);
void stream_drain(struct stream *s);     /* writes what the host has sent */
void stream_exited(struct stream *s, int code);
void stream_started(struct stream *s);   /* start_fd can be read */
void stream_connected(struct stream *s, bool expired);
void stream_close_fds(struct stream *s);
void stream_reset(void);                 /* the host has changed: ends what was its own */
void stream_reap(void);                  /* frees dead ones */

/* ---- container.c ---- */

#define SHARED "."                       /* not the id of a container */

struct limits {                          /* 0: none */
    uint64_t memory, cpu_millis, cpu_shares, pids;
};
struct spec {                            /* points into the request, which is kept */
    uint8_t *request;
    const char *id, *disk, *cwd, *user;
    char **args, **env;
    char **masked, **read_only_paths;    /* beyond what is hidden of /proc and /sys */
    gid_t groups[64];
    int ngroups;
    uint64_t capabilities;
    struct limits limits;
    bool no_new_privileges, read_only, tty, with_stdin, filter, strict_groups;
    const char *target;                  /* the container whose processes it sees; "": its own, SHARED: those of all who share */
    const char *last_words;              /* where it leaves its termination message; "": nowhere */
    struct bind {
        const char *volume, *sub, *path;
        bool read_only;
    } mounts[64];
    int nmounts;
};
struct container {
    struct container *next;
    struct spec spec;
    struct stream *io;
    enum { CREATING, CREATED, RUNNING, EXITED, REMOVING } state;
    uint32_t remove_req;
    uint64_t started, ended;             /* nanoseconds since 1970 */
    int code;
    bool oom;
};
extern struct container *containers;
struct container *container_find(const char *id);
bool container_usable(const struct container *c);   /* neither coming nor going */
void container_create(uint32_t req, const uint8_t *request, size_t n);
void container_start(uint32_t req, struct container *c);
void container_exec(uint32_t req, struct container *c, struct in *in);
void container_signal(uint32_t req, struct container *c, int signal);
void container_remove(uint32_t req, struct container *c);
void container_attach(uint32_t req, struct container *c);
void container_exited(struct container *c, int code);
void container_list(uint32_t req);
void container_last_words(uint32_t req, struct container *c);

void container_limit(uint32_t req, struct container *c, struct in *in);
void container_path(char *path, size_t n, const struct container *c, const char *file);

/* ---- stats.c ---- */

void container_stats(uint32_t req);

/* ---- launch.c: the child's side, between fork and exec; never returns ---- */

struct stdio {
    int fd[3];
    bool tty;
};
_Noreturn void launch_container(const struct spec *spec, const struct stdio *io, int report);
_Noreturn void launch_exec(const struct spec *spec, char **args, const struct stdio *io, int pidfd, int report);

/* ---- seccomp.c ---- */

bool seccomp_filter(uint64_t capabilities);   /* for the calling process and its children */

/* ---- volume.c, network.c: all called in jobs ---- */

enum make { NOTHING, FOLDER, EMPTY_FILE };
int resolve(int root, const char *path, uint64_t scope, enum make make);   /* scope: RESOLVE_* */
void mount_image(const char *disk);
void volume_memory(struct in *in);
void volume_disk(struct in *in);
void volume_raw(struct in *in);
void volume_image(struct in *in);
void volume_unmount(struct in *in);
void volume_files(struct in *in);
void volume_read(struct in *in);
void network_configure(struct in *in);
void probe_http(struct in *in);
void probe_tcp(struct in *in);
void network_connect(uint32_t req, struct in *in);   /* not in a job */
void machine_grow(struct in *in);        /* boot.c; takes processors and memory into use */
void machine_sysctls(struct in *in);     /* boot.c; the kernel is the pod's own */

/* ---- job.c ---- */

struct job {
    struct job *next;
    int fd;
    uint32_t req;                        /* 0: nobody waits any more */
    struct out result;
    void (*done)(struct container *c, bool ok);
    struct container *container;
};
extern struct job *jobs;
/* Forks; true in the child, which ends with job_end or job_fail. */
bool job_fork(uint32_t req, void (*done)(struct container *, bool), struct container *c);
_Noreturn void job_end(const struct out *fields);
_Noreturn void job_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
void job_lock(void);                     /* one job at a time behind this, until it ends */
void job_read(struct job *job);

/* ---- main.c, boot.c ---- */

void boot(void);
_Noreturn void power_off(void);
void set_clock(uint64_t seconds, uint32_t nanos);
void reseed(const uint8_t *seed, size_t n);
uint64_t now(int clock);                 /* nanoseconds */
void *allocate(size_t n);                /* never NULL: without memory, init can but die */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool write_file(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));
ssize_t read_file(const char *path, char *text, size_t n);
void make_dirs(const char *path, mode_t mode);
void sleep_ms(int ms);
