/* The table of containers. Mounting and unmounting is done by jobs; the process itself is started
 * by launch.c. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct container *containers;

struct container *container_find(const char *id) {
    for (struct container *c = containers; c; c = c->next)
        if (strcmp(c->spec.id, id) == 0) return c;
    return NULL;
}

bool container_usable(const struct container *c) { return c->state != CREATING && c->state != REMOVING; }

void container_path(char *path, size_t n, const struct container *c, const char *file) {
    snprintf(path, n, "/sys/fs/cgroup/c/%s/%s", c->spec.id, file);
}

static void forget(struct container *c) {
    for (struct container **at = &containers; *at; at = &(*at)->next) {
        if (*at != c) continue;
        *at = c->next;
        break;
    }
    stream_close_fds(c->io);
    c->io->dead = true;
    free(c->spec.args);
    free(c->spec.env);
    free(c->spec.masked);
    free(c->spec.read_only_paths);
    free(c->spec.request);
    free(c);
}

/* ---- create ---- */

static bool read_limits(struct in *in, struct limits *l) {
    l->memory = in_u64(in);
    l->cpu_millis = in_u64(in);
    l->cpu_shares = in_u64(in);
    l->pids = in_u64(in);
    return !in->bad;
}

static bool parse(struct spec *spec, const uint8_t *request, size_t n) {
    *spec = (struct spec){.request = allocate(n)};
    memcpy(spec->request, request, n);
    struct in in = {spec->request, n, false};
    spec->id = in_name(&in);
    spec->disk = in_name(&in);
    spec->args = in_list(&in);
    spec->env = in_list(&in);
    spec->cwd = in_str(&in);
    spec->user = in_str(&in);
    spec->ngroups = in_u8(&in);
    if (spec->ngroups > 64) in.bad = true;
    for (int i = 0; !in.bad && i < spec->ngroups; i++) spec->groups[i] = in_u32(&in);
    spec->capabilities = in_u64(&in);
    spec->no_new_privileges = in_u8(&in);
    spec->read_only = in_u8(&in);
    read_limits(&in, &spec->limits);
    spec->tty = in_u8(&in);
    spec->with_stdin = in_u8(&in);
    spec->nmounts = in_u8(&in);
    if (spec->nmounts > 64) in.bad = true;
    for (int i = 0; !in.bad && i < spec->nmounts; i++) {
        struct bind *b = &spec->mounts[i];
        b->volume = in_name(&in);
        b->sub = in_str(&in);
        b->path = in_str(&in);
        b->read_only = in_u8(&in);
        if (b->path[0] != '/') in.bad = true;
    }
    spec->last_words = in_str(&in);
    spec->filter = in_u8(&in);
    spec->strict_groups = in_u8(&in);
    spec->target = in_str(&in);
    spec->masked = in_list(&in);
    spec->read_only_paths = in_list(&in);
    return !in.bad && spec->args[0];
}

static bool put_limit(const struct container *c, const char *file, uint64_t value, const char *format) {
    char path[256], text[64];
    container_path(path, sizeof path, c, file);
    snprintf(text, sizeof text, format, (unsigned long long)value);
    return write_file(path, "%s", value ? text : "max");
}

static bool put_limits(const struct container *c, const struct limits *l) {
    char path[256];
    bool ok = put_limit(c, "memory.max", l->memory, "%llu");
    ok &= put_limit(c, "pids.max", l->pids, "%llu");
    uint64_t millis = l->cpu_millis && l->cpu_millis < 10 ? 10 : l->cpu_millis;
    ok &= put_limit(c, "cpu.max", millis * 100, "%llu 100000");
    container_path(path, sizeof path, c, "cpu.weight");
    uint64_t shares = l->cpu_shares > 262144 ? 262144 : l->cpu_shares;
    if (shares >= 2) ok &= write_file(path, "%llu", (unsigned long long)(1 + (shares - 2) * 9999 / 262142));
    return ok;
}

static void limit(const struct container *c) {
    char path[256];
    container_path(path, sizeof path, c, "");
    if (mkdir(path, 0755) != 0 && errno != EEXIST) job_fail(E_FAILED, "cgroup: %s", strerror(errno));
    container_path(path, sizeof path, c, "memory.oom.group");
    bool ok = write_file(path, "1");
    if (!ok || !put_limits(c, &c->spec.limits)) job_fail(E_FAILED, "cgroup limits: %s", strerror(errno));
}

void container_limit(uint32_t req, struct container *c, struct in *in) {
    struct limits limits;
    if (!read_limits(in, &limits)) {
        reply_error(req, E_INVALID, "not limits");
        return;
    }
    c->spec.limits = limits;
    if (job_fork(req, NULL, NULL)) {     /* taking memory away may have to wait for it */
        if (!put_limits(c, &limits)) job_fail(E_FAILED, "cgroup limits: %s", strerror(errno));
        job_end(NULL);
    }
}

static void mount_root(const struct container *c) {
    char dir[128], options[512];
    job_lock();
    mount_image(c->spec.disk);
    snprintf(dir, sizeof dir, "/run/c/%s", c->spec.id);
    make_dirs(dir, 0700);
    /* Its pages belong to the container that writes them, so its memory limit covers them. */
    if (mount("tmpfs", dir, "tmpfs", MS_NODEV, "mode=0700") != 0)
        job_fail(E_FAILED, "root of %s: %s", c->spec.id, strerror(errno));
    snprintf(options, sizeof options, "%s/upper", dir);
    make_dirs(options, 0755);
    snprintf(options, sizeof options, "%s/work", dir);
    make_dirs(options, 0700);
    snprintf(options, sizeof options, "%s/root", dir);
    make_dirs(options, 0755);
    snprintf(options, sizeof options, "lowerdir=/run/i/%s,upperdir=%s/upper,workdir=%s/work", c->spec.disk, dir, dir);
    char root[160];
    snprintf(root, sizeof root, "%s/root", dir);
    /* No devices: the only nodes a container can open are those of its /dev. */
    if (mount("overlay", root, "overlay", MS_NODEV, options) != 0)
        job_fail(E_FAILED, "overlay of %s: %s", c->spec.id, strerror(errno));
    if (c->spec.last_words[0]) {
        snprintf(root, sizeof root, "%s/last", dir);
        int fd = open(root, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (fd < 0 || fchmod(fd, 0666) != 0) job_fail(E_FAILED, "termination message of %s: %s", c->spec.id, strerror(errno));
        close(fd);
    }
    /* Terminals are opened by the agent and must have a name in the container: one set for both. */
    snprintf(root, sizeof root, "%s/pts", dir);
    make_dirs(root, 0755);
    if (mount("devpts", root, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5") != 0)
        job_fail(E_FAILED, "terminals of %s: %s", c->spec.id, strerror(errno));
}

static void created(struct container *c, bool ok) {
    if (ok) c->state = CREATED;
    else forget(c);
}

void container_create(uint32_t req, const uint8_t *request, size_t n) {
    struct container *c = allocate(sizeof *c);
    *c = (struct container){.state = CREATING};
    struct stream *io = NULL;
    if (!parse(&c->spec, request, n)) reply_error(req, E_INVALID, "not a container");
    else if (container_find(c->spec.id)) reply_error(req, E_CONFLICT, "container %s exists", c->spec.id);
    else if (!(io = stream_new(CONTAINER, 0))) reply_error(req, E_FAILED, "too many containers and streams");
    if (!io) {
        free(c->spec.args);
        free(c->spec.env);
        free(c->spec.masked);
        free(c->spec.read_only_paths);
        free(c->spec.request);
        free(c);
        return;
    }
    c->io = io;
    io->container = c;
    io->tty = c->spec.tty;
    c->next = containers;
    containers = c;
    if (job_fork(req, created, c)) {
        limit(c);
        mount_root(c);
        job_end(NULL);
    }
}

/* ---- start and exec ---- */

/* The ends of a process' standard streams: ours in host[], its in io. */
static bool open_stdio(struct stdio *io, int host[3], const struct spec *spec, bool tty, bool with_stdin) {
    io->tty = tty;
    host[0] = host[1] = host[2] = io->fd[0] = io->fd[1] = io->fd[2] = -1;
    if (tty) {
        char path[128];
        snprintf(path, sizeof path, "/run/c/%s/pts/ptmx", spec->id);
        int master = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), unlock = 0;
        if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) != 0) return false;
        io->fd[0] = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
        host[1] = master;
        if (with_stdin) host[0] = fcntl(master, F_DUPFD_CLOEXEC, 3);
        return io->fd[0] >= 0;
    }
    int fds[2];
    for (int i = 1; i < 3; i++) {
        if (pipe2(fds, O_CLOEXEC) != 0) return false;
        host[i] = fds[0];
        io->fd[i] = fds[1];
    }
    if (!with_stdin) return (io->fd[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
    if (pipe2(fds, O_CLOEXEC) != 0) return false;
    io->fd[0] = fds[0];
    host[0] = fds[1];
    return true;
}

static void close_all(const int *fds, int n) {
    for (int i = 0; i < n; i++)
        if (fds[i] >= 0) close(fds[i]);
}

static pid_t fork_container(void) {
    return (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS, 0, 0, 0, 0);
}

/* Forks into the container's process namespace. */
static pid_t fork_into(int pidfd) {
    static int own = -1;
    if (own < 0) own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    if (setns(pidfd, CLONE_NEWPID) != 0) return -1;
    pid_t pid = fork();
    if (pid != 0) setns(own, CLONE_NEWPID);
    return pid;
}

/* The first of the processes that a pod's containers share: it outlives them and reaps what they leave. */
static int shared_processes(void) {
    static pid_t first = 0;
    if (first == 0) {
        pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, 0, 0, 0, 0);
        if (pid < 0) return -1;
        if (pid == 0) {
            signal(SIGCHLD, SIG_IGN);
            prctl(PR_SET_NAME, "pause");
            syscall(SYS_close_range, 0u, ~0u, 0u);
            for (;;) pause();
        }
        first = pid;
    }
    return (int)syscall(SYS_pidfd_open, first, 0);
}

static int processes_of(const char *id) {
    if (strcmp(id, SHARED) == 0) return shared_processes();
    struct container *target = container_find(id);
    return target && target->state == RUNNING ? (int)syscall(SYS_pidfd_open, target->io->pid, 0) : -1;
}

static void run(struct stream *s, uint32_t req, const struct spec *spec, char **args, int pidfd, bool tty, bool with_stdin) {
    struct stdio io;
    int host[3], report[2] = {-1, -1};
    pid_t pid = -1;
    if (open_stdio(&io, host, spec, tty, with_stdin) && pipe2(report, O_CLOEXEC) == 0)
        pid = pidfd < 0 ? fork_container() : fork_into(pidfd);
    if (pid == 0) {
        if (s->kind == CONTAINER) launch_container(spec, &io, report[1]);
        launch_exec(spec, args, &io, pidfd, report[1]);
    }
    close_all(io.fd, 3);
    if (report[1] >= 0) close(report[1]);
    if (pid < 0) {
        reply_error(req, E_FAILED, "cannot start a process: %s", strerror(errno));
        close_all(host, 3);
        if (report[0] >= 0) close(report[0]);
        if (s->kind == EXEC) s->dead = true;
        return;
    }
    s->pid = pid;
    s->tty = tty;
    s->start_req = req;
    s->start_fd = report[0];
    fcntl(s->start_fd, F_SETFL, O_NONBLOCK);
    stream_listen(s, host[1], host[2], host[0], s->kind == CONTAINER ? OUTPUT_WINDOW : STREAM_WINDOW);
}

void container_start(uint32_t req, struct container *c) {
    if (c->state != CREATED) {
        reply_error(req, E_CONFLICT, "container %s was started before", c->spec.id);
        return;
    }
    int pidfd = -1;
    if (c->spec.target[0] && (pidfd = processes_of(c->spec.target)) < 0) {
        reply_error(req, E_CONFLICT, "container %s is not running", c->spec.target);
        return;
    }
    run(c->io, req, &c->spec, c->spec.args, pidfd, c->spec.tty, c->spec.with_stdin);
    if (pidfd >= 0) close(pidfd);
    if (!c->io->pid) return;
    c->state = RUNNING;
    c->started = now(CLOCK_REALTIME);
}

void container_exec(uint32_t req, struct container *c, struct in *in) {
    char **args = in_list(in);
    bool tty = in_u8(in), with_stdin = in_u8(in);
    struct stream *s = NULL;
    int pidfd = -1;
    if (in->bad || !args[0]) reply_error(req, E_INVALID, "no command");
    else if (c->state != RUNNING) reply_error(req, E_CONFLICT, "container %s is not running", c->spec.id);
    else if ((pidfd = (int)syscall(SYS_pidfd_open, c->io->pid, 0)) < 0) reply_error(req, E_CONFLICT, "container %s is not running", c->spec.id);
    else if (!(s = stream_new(EXEC, req))) reply_error(req, E_FAILED, "too many containers and streams");
    else {
        run(s, req, &c->spec, args, pidfd, tty, with_stdin);
    }
    if (pidfd >= 0) close(pidfd);
    free(args);
}

void container_signal(uint32_t req, struct container *c, int signal) {
    if (signal < 1 || signal > 64) reply_error(req, E_INVALID, "not a signal: %d", signal);
    else if (c->state == RUNNING && kill(c->io->pid, signal) != 0) reply_error(req, E_FAILED, "kill: %s", strerror(errno));
    else reply_ok(req);
}

/* ---- the end ---- */

static void describe(struct out *out, const struct container *c) {
    out_str(out, c->spec.id);
    out_u64(out, c->started);
    out_u8(out, c->ended != 0);
    out_u32(out, (uint32_t)c->code);
    out_u8(out, c->oom);
    out_u64(out, c->ended);
}

static bool was_oom(const struct container *c) {
    char path[256], text[512];
    container_path(path, sizeof path, c, "memory.events");
    if (read_file(path, text, sizeof text) <= 0) return false;
    char *at = strstr(text, "oom_kill ");
    return at && atoi(at + 9) > 0;
}

static void removed(struct container *c, bool ok) {
    (void)ok;
    forget(c);
}

static void unmount(struct container *c) {
    bool last = true;
    for (struct container *o = containers; o; o = o->next)
        if (o != c && strcmp(o->spec.disk, c->spec.disk) == 0) last = false;
    c->state = REMOVING;
    if (!job_fork(c->remove_req, removed, c)) return;
    char path[256];
    job_lock();
    static const char *const mounts[] = {"root", "pts"};
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        snprintf(path, sizeof path, "/run/c/%s/%s", c->spec.id, mounts[i]);
        umount2(path, MNT_DETACH);
    }
    snprintf(path, sizeof path, "/run/c/%s", c->spec.id);
    umount2(path, MNT_DETACH);
    rmdir(path);
    if (last) {
        snprintf(path, sizeof path, "/run/i/%s", c->spec.disk);
        umount(path);                    /* busy: a container was made of it meanwhile */
    }
    container_path(path, sizeof path, c, "");
    for (int i = 0; i < 500 && rmdir(path) != 0 && errno == EBUSY; i++) sleep_ms(2);
    job_end(NULL);
}

void container_exited(struct container *c, int code) {
    c->ended = now(CLOCK_REALTIME);
    c->code = c->io->start_failed ? 128 : code;
    c->oom = was_oom(c);
    c->state = EXITED;
    if (c->spec.target[0]) {             /* the kernel ends the others only with a namespace of their own */
        char path[256];
        container_path(path, sizeof path, c, "cgroup.kill");
        write_file(path, "1");
    }
    struct out out = {0};
    describe(&out, c);
    wire_send(F_CONTAINER_EXIT, 0, out.p, out.len);
    free(out.p);
    if (c->remove_req) unmount(c);
}

void container_remove(uint32_t req, struct container *c) {
    char path[256];
    if (c->remove_req) {
        reply_error(req, E_CONFLICT, "container %s is being removed", c->spec.id);
        return;
    }
    c->remove_req = req;
    container_path(path, sizeof path, c, "cgroup.kill");
    if (c->state != RUNNING) unmount(c);
    else if (!write_file(path, "1")) kill(c->io->pid, SIGKILL);
}

/* ---- questions ---- */

void container_attach(uint32_t req, struct container *c) {
    struct stream *s = c->io;
    struct out out = {0};
    for (int i = 0; i < 2; i++) {
        s->out[i].sent = s->out[i].ring.head;
        s->out[i].end_sent = false;
        out_u64(&out, s->out[i].ring.head);
    }
    out_u32(&out, STREAM_WINDOW - (uint32_t)(s->in.ring.tail - s->in.ring.head));
    s->id = req;
    reply(req, &out);
    free(out.p);
}

void container_list(uint32_t req) {
    struct out out = {0};
    uint32_t n = 0;
    for (struct container *c = containers; c; c = c->next) n += container_usable(c);
    out_u32(&out, n);
    for (struct container *c = containers; c; c = c->next)
        if (container_usable(c)) describe(&out, c);
    reply(req, &out);
    free(out.p);
}

/* The end of its termination message: 4096 bytes at most, as Kubernetes has it. */
void container_last_words(uint32_t req, struct container *c) {
    char path[160];
    static uint8_t text[4096];
    struct out out = {0};
    snprintf(path, sizeof path, "/run/c/%s/last", c->spec.id);
    int fd = c->spec.last_words[0] ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    struct stat st;
    ssize_t n = 0;
    if (fd >= 0 && fstat(fd, &st) == 0) {
        off_t from = st.st_size > (off_t)sizeof text ? st.st_size - (off_t)sizeof text : 0;
        n = pread(fd, text, sizeof text, from);
    }
    if (fd >= 0) close(fd);
    out_u32(&out, n > 0 ? (uint32_t)n : 0);
    out_bytes(&out, text, n > 0 ? (size_t)n : 0);
    reply(req, &out);
    free(out.p);
}
