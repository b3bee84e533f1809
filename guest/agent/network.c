/* The sandbox's address and names; connections to what listens in it. */
#include "agent.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- configuration (a job) ---- */

/* The first interface is the template's, and takes the address of whoever the machine is for. */
static bool take_first(const char *mac, char *name, size_t n) {
    struct ifreq request = {.ifr_name = "eth0"};
    unsigned b[6];
    if (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6) return false;
    request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
    for (int i = 0; i < 6; i++) request.ifr_hwaddr.sa_data[i] = (char)b[i];
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq down = {.ifr_name = "eth0"};
    bool ok = ioctl(s, SIOCSIFFLAGS, &down) == 0 && ioctl(s, SIOCSIFHWADDR, &request) == 0;
    close(s);
    if (ok) snprintf(name, n, "eth0");
    return ok;
}

static bool has_interface(const char *mac, char *name, size_t n) {
    char path[300], text[64];
    DIR *dir = opendir("/sys/class/net");
    bool found = false;
    for (struct dirent *e; dir && !found && (e = readdir(dir));) {
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/sys/class/net/%s/address", e->d_name);
        if (read_file(path, text, sizeof text) <= 0 || strcasecmp(text, mac) != 0) continue;
        snprintf(name, n, "%.15s", e->d_name);
        found = true;
    }
    if (dir) closedir(dir);
    return found;
}

static void find_interface(const char *mac, char *name, size_t n) {
    for (int tries = 0; tries < 2500; tries++) {
        if (has_interface(mac, name, n) || take_first(mac, name, n)) return;
        sleep_ms(2);
    }
    job_fail(E_NOT_FOUND, "no interface with the address %s has appeared", mac);
}

union endpoint {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static union endpoint internet(const char *address, uint16_t port) {
    union endpoint at = {0};
    if (inet_pton(AF_INET, address, &at.in.sin_addr) == 1) {
        at.in.sin_family = AF_INET;
        at.in.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, address, &at.in6.sin6_addr) == 1) {
        at.in6.sin6_family = AF_INET6;
        at.in6.sin6_port = htons(port);
    } else {
        job_fail(E_INVALID, "not an address: %s", address);
    }
    return at;
}

static socklen_t size_of(const union endpoint *at) {
    return at->any.sa_family == AF_INET6 ? sizeof at->in6 : sizeof at->in;
}

static void set(int s, void *request, unsigned long what, const char *words) {
    if (ioctl(s, what, request) != 0 && errno != EEXIST) job_fail(E_FAILED, "%s: %s", words, strerror(errno));
}

static void add_ipv4(const char *interface, const union endpoint *address, int prefix, const char *gateway) {
    struct ifreq request = {0};
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(request.ifr_name, interface, IFNAMSIZ);
    request.ifr_addr = address->any;
    set(s, &request, SIOCSIFADDR, "address");
    struct sockaddr_in mask = {.sin_family = AF_INET};
    mask.sin_addr.s_addr = htonl(prefix ? ~0u << (32 - prefix) : 0);
    memcpy(&request.ifr_netmask, &mask, sizeof mask);
    set(s, &request, SIOCSIFNETMASK, "netmask");
    if (gateway[0]) {
        struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY};
        route.rt_dst = route.rt_genmask = internet("0.0.0.0", 0).any;
        route.rt_gateway = internet(gateway, 0).any;
        set(s, &route, SIOCADDRT, "default route");
    }
    close(s);
}

static void add_ipv6(const char *interface, const union endpoint *address, int prefix, const char *gateway) {
    struct {                                 /* struct in6_ifreq of linux/ipv6.h, which netinet/in.h excludes */
        struct in6_addr address;
        uint32_t prefix;
        int index;
    } request = {address->in6.sin6_addr, (uint32_t)prefix, (int)if_nametoindex(interface)};
    int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    set(s, &request, SIOCSIFADDR, "address");
    if (gateway[0]) {
        struct in6_rtmsg route = {.rtmsg_metric = 1, .rtmsg_flags = RTF_UP | RTF_GATEWAY, .rtmsg_ifindex = request.index};
        route.rtmsg_gateway = internet(gateway, 0).in6.sin6_addr;
        set(s, &route, SIOCADDRT, "default route");
    }
    close(s);
}

/* The kernel's defaults would come too late: the first interface is there before the agent. */
static void take_as_given(const char *interface) {
    char path[80];
    snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/accept_dad", interface);
    write_file(path, "0");                   /* addresses are given, nobody else has them ... */
    snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/accept_ra", interface);
    write_file(path, "0");                   /* ... and no neighbour says where packets go */
}

static void bring_up(const char *interface, int mtu) {
    struct ifreq request = {0};
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(request.ifr_name, interface, IFNAMSIZ);
    request.ifr_mtu = mtu;
    if (mtu) set(s, &request, SIOCSIFMTU, "mtu");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    set(s, &request, SIOCSIFFLAGS, "link");
    close(s);
}

static void add_address(const char *interface, struct in *in) {
    const char *address = in_str(in), *gateway = in_str(in);
    int prefix = in_u8(in);
    if (in->bad) job_fail(E_INVALID, "not a network");
    union endpoint own = internet(address, 0);
    bool ipv6 = own.any.sa_family == AF_INET6;
    if (prefix > (ipv6 ? 128 : 32)) job_fail(E_INVALID, "not a prefix: %d", prefix);
    (ipv6 ? add_ipv6 : add_ipv4)(interface, &own, prefix, gateway);
}

static void names(const char *file, const char *content) {
    char path[64];
    snprintf(path, sizeof path, "/run/etc/%s", file);
    /* Truncated, not replaced: containers have this very file mounted. */
    if (!write_file(path, "%s", content)) job_fail(E_FAILED, "%s: %s", path, strerror(errno));
}

void network_configure(struct in *in) {
    const char *hostname = in_str(in), *mac = in_str(in);
    int mtu = (int)in_u32(in);
    const char *resolv = in_str(in), *hosts = in_str(in);
    int addresses = in_u8(in);
    char line[300], interface[IFNAMSIZ] = "";
    if (in->bad) job_fail(E_INVALID, "not a network");
    if (sethostname(hostname, strlen(hostname)) != 0) job_fail(E_INVALID, "host name %s: %s", hostname, strerror(errno));
    snprintf(line, sizeof line, "%s\n", hostname);
    names("hostname", line);
    names("hosts", hosts);
    names("resolv.conf", resolv);
    if (mac[0]) {
        find_interface(mac, interface, sizeof interface);
        take_as_given(interface);
        bring_up(interface, mtu);
        for (int i = 0; i < addresses; i++) add_address(interface, in);
    }
    job_end(NULL);
}

/* ---- probes (jobs) ---- */

/* Waits for the socket until the deadline; false when that has passed. */
static bool await(int s, short events, uint64_t deadline) {
    for (;;) {
        uint64_t t = now(CLOCK_MONOTONIC);
        if (t >= deadline) return false;
        struct pollfd p = {.fd = s, .events = events};
        int n = poll(&p, 1, (int)((deadline - t) / 1000000) + 1);
        if (n > 0) return true;
        if (n < 0 && errno != EINTR) return false;
    }
}

static int dial(const char *host, uint16_t port, uint64_t deadline) {
    if (!host[0]) host = "127.0.0.1";
    union endpoint to = internet(host, port);
    int s = socket(to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
    socklen_t n = sizeof error;
    if (connect(s, &to.any, size_of(&to)) != 0 && errno != EINPROGRESS) error = errno;
    else if (!await(s, POLLOUT, deadline)) error = ETIMEDOUT;
    else getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &n);
    if (error == ETIMEDOUT) job_fail(E_TIMEOUT, "dial tcp %s:%u: i/o timeout", host, port);
    if (error == ECONNREFUSED) job_fail(E_FAILED, "dial tcp %s:%u: connect: connection refused", host, port);
    if (error) job_fail(E_FAILED, "dial tcp %s:%u: connect: %s", host, port, strerror(error));
    return s;
}

void probe_tcp(struct in *in) {
    const char *host = in_str(in);
    uint16_t port = in_u16(in);
    uint32_t ms = in_u32(in);
    if (in->bad) job_fail(E_INVALID, "not a probe");
    close(dial(host, port, now(CLOCK_MONOTONIC) + ms * 1000000ull));
    job_end(NULL);
}

/* Answers with the status code; the request comes ready made. */
void probe_http(struct in *in) {
    const char *host = in_str(in);
    uint16_t port = in_u16(in);
    uint32_t ms = in_u32(in), n;
    const uint8_t *request = in_blob(in, &n);
    if (in->bad) job_fail(E_INVALID, "not a probe");
    uint64_t deadline = now(CLOCK_MONOTONIC) + ms * 1000000ull;
    int s = dial(host, port, deadline), status;
    for (uint32_t at = 0; at < n;) {
        if (!await(s, POLLOUT, deadline)) job_fail(E_TIMEOUT, "context deadline exceeded");
        ssize_t put = send(s, request + at, n - at, MSG_NOSIGNAL);
        if (put < 0 && errno != EAGAIN) job_fail(E_FAILED, "write: %s", strerror(errno));
        if (put > 0) at += (uint32_t)put;
    }
    char text[256] = "";
    for (size_t got = 0; got < sizeof text - 1 && !memchr(text, '\n', got);) {
        if (!await(s, POLLIN, deadline)) job_fail(E_TIMEOUT, "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        ssize_t r = recv(s, text + got, sizeof text - 1 - got, 0);
        if (r < 0 && errno == EAGAIN) continue;
        if (r < 0) job_fail(E_FAILED, "read: %s", strerror(errno));
        if (r == 0) break;
        got += (size_t)r;
    }
    if (sscanf(text, "HTTP/1.%*1[01] %3d", &status) != 1) job_fail(E_FAILED, "%s", text[0] ? "malformed HTTP response" : "EOF");
    struct out out = {0};
    out_u32(&out, (uint32_t)status);
    job_end(&out);
}

/* ---- streams ---- */

void network_connect(uint32_t req, struct in *in) {
    uint16_t port = in_u16(in);
    uint32_t ms = in_u32(in);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct stream *stream = NULL;
    if (in->bad) reply_error(req, E_INVALID, "not a connection");
    else if (s < 0 || (connect(s, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)) reply_error(req, E_FAILED, "%s", strerror(errno));
    else if (!(stream = stream_new(CONNECTION, req))) reply_error(req, E_FAILED, "too many containers and streams");
    if (!stream) {
        if (s >= 0) close(s);
        return;
    }
    stream->deadline = now(CLOCK_MONOTONIC) + ms * 1000000ull;
    stream_listen(stream, s, -1, fcntl(s, F_DUPFD_CLOEXEC, 3), STREAM_WINDOW);
}
