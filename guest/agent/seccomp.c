/* The filter of seccomp profile RuntimeDefault: refuses what containers have no business with, so
 * that a hole in one of these calls is no hole in the pod. The wall between tenants is the machine. */
#include "agent.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { NEVER = 64, CHROOT = 18, MODULE = 16, RAWIO = 17, PACCT = 20, ADMIN = 21, BOOT = 22, NICE = 23,
       TIME = 25, TTY = 26, SYSLOG = 34, READ_SEARCH = 2, BPF_CAP = 39, PERFMON = 38 };

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* Refused unless the container has the capability; NEVER: refused always. */
static const struct refused {
    int call, capability;
} refused[] = {
    {SYS_acct, PACCT}, {SYS_add_key, NEVER}, {SYS_bpf, ADMIN}, {SYS_bpf, BPF_CAP}, {SYS_chroot, CHROOT},
    {SYS_clock_settime, TIME}, {SYS_delete_module, MODULE}, {SYS_fanotify_init, ADMIN}, {SYS_finit_module, MODULE},
    {SYS_fsconfig, ADMIN}, {SYS_fsmount, ADMIN}, {SYS_fsopen, ADMIN}, {SYS_fspick, ADMIN}, {SYS_init_module, MODULE},
    {SYS_io_uring_enter, NEVER}, {SYS_io_uring_register, NEVER}, {SYS_io_uring_setup, NEVER}, {SYS_ioperm, RAWIO},
    {SYS_iopl, RAWIO}, {SYS_kexec_file_load, BOOT}, {SYS_kexec_load, BOOT}, {SYS_keyctl, NEVER},
    {SYS_lookup_dcookie, ADMIN}, {SYS_mbind, NICE}, {SYS_migrate_pages, NICE}, {SYS_mount, ADMIN},
    {SYS_mount_setattr, ADMIN}, {SYS_move_mount, ADMIN}, {SYS_move_pages, NICE}, {SYS_nfsservctl, NEVER},
    {SYS_open_by_handle_at, READ_SEARCH}, {SYS_open_tree, ADMIN}, {SYS_perf_event_open, ADMIN},
    {SYS_perf_event_open, PERFMON}, {SYS_pivot_root, NEVER}, {SYS_quotactl, ADMIN}, {SYS_reboot, BOOT},
    {SYS_request_key, NEVER}, {SYS_set_mempolicy, NICE}, {SYS_setdomainname, ADMIN}, {SYS_sethostname, ADMIN},
    {SYS_setns, ADMIN}, {SYS_settimeofday, TIME}, {SYS_swapoff, NEVER}, {SYS_swapon, NEVER}, {SYS_sysfs, NEVER},
    {SYS_syslog, SYSLOG}, {SYS_umount2, ADMIN}, {SYS_unshare, ADMIN}, {SYS_uselib, NEVER}, {SYS_userfaultfd, NEVER},
    {SYS_ustat, NEVER}, {SYS_vhangup, TTY}};

static struct sock_filter program[256];
static unsigned short length;

static void add(uint16_t code, uint32_t k, uint8_t jt, uint8_t jf) {
    if (length < sizeof program / sizeof *program) program[length++] = (struct sock_filter){code, jt, jf, k};
}

static void give(uint32_t action) { add(BPF_RET | BPF_K, action, 0, 0); }

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }

static void refuse(int call, int error) {
    add(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    give(SECCOMP_RET_ERRNO | (uint32_t)error);
}

/* A call is open when any of its rows names a capability that the container has. */
static bool allowed(int call, uint64_t capabilities) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].call == call && refused[i].capability != NEVER && capabilities >> refused[i].capability & 1) return true;
    return false;
}

bool seccomp_filter(uint64_t capabilities) {
    length = 0;
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    give(SECCOMP_RET_ERRNO | ENOSYS);      /* 32-bit calls have other numbers */
    load(offsetof(struct seccomp_data, nr));
    add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);   /* x32 */
    give(SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (!allowed(refused[i].call, capabilities)) refuse(refused[i].call, EPERM);
    if (!(capabilities >> ADMIN & 1)) {
        refuse(SYS_clone3, ENOSYS);        /* its flags are behind a pointer; libraries fall back to clone */
        add(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
        load(offsetof(struct seccomp_data, args[0]));
        add(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
        give(SECCOMP_RET_ERRNO | EPERM);
        load(offsetof(struct seccomp_data, nr));
    }
    add(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3);
    load(offsetof(struct seccomp_data, args[0]));
    add(BPF_JMP | BPF_JEQ | BPF_K, AF_VSOCK, 0, 1);
    give(SECCOMP_RET_ERRNO | EPERM);
    give(SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {length, program};
    return length < sizeof program / sizeof *program && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}
