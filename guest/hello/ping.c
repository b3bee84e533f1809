/* ping for those who may not open raw sockets: the kernel sends and receives echoes for them over a datagram socket
 * (icmp(7), net.ipv4.ping_group_range), which busybox does not know. Options -c COUNT and -W SECONDS; an address.
 * Whatever else is asked for is busybox' business. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Waits for the answer to one echo; the time that it took, or less than nothing. */
static double await_answer(int s, int reply, int sequence, int seconds) {
    double begin = milliseconds(), left;
    while ((left = seconds * 1e3 - (milliseconds() - begin)) > 0) {
        struct pollfd readable = {.fd = s, .events = POLLIN};
        if (poll(&readable, 1, (int)left + 1) <= 0) continue;
        unsigned char answer[128];
        if (recv(s, answer, sizeof answer, 0) < (ssize_t)sizeof(struct icmphdr)) continue;
        struct icmphdr *header = (struct icmphdr *)answer;
        if (header->type == reply && ntohs(header->un.echo.sequence) == sequence) return milliseconds() - begin;
    }
    return -1;
}

int main(int argc, char **argv) {
    int count = 0, seconds = 10, option;
    struct sockaddr_in to4 = {.sin_family = AF_INET};
    struct sockaddr_in6 to6 = {.sin6_family = AF_INET6};
    opterr = 0;
    while ((option = getopt(argc, argv, "c:W:")) != -1)
        if (option == 'c') count = atoi(optarg);
        else if (option == 'W') seconds = atoi(optarg);
        else break;
    bool asked = option == -1 && optind + 1 == argc;
    bool ipv6 = asked && inet_pton(AF_INET6, argv[optind], &to6.sin6_addr) == 1;
    bool ipv4 = asked && inet_pton(AF_INET, argv[optind], &to4.sin_addr) == 1;
    const struct sockaddr *to = ipv6 ? (struct sockaddr *)&to6 : (struct sockaddr *)&to4;
    socklen_t length = ipv6 ? sizeof to6 : sizeof to4;
    int s = ipv6 ? socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6) : ipv4 ? socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP) : -1;
    if (s < 0) {
        argv[0] = "ping";
        execv("/bin/busybox", argv);
        perror("ping");
        return 1;
    }
    int received = 0, sent = 0;
    printf("PING %s (%s): 56 data bytes\n", argv[optind], argv[optind]);
    do {
        unsigned char echo[64] = {ipv6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO};   /* both kinds have the same form */
        ((struct icmphdr *)echo)->un.echo.sequence = htons((unsigned short)sent);
        if (sendto(s, echo, sizeof echo, 0, to, length) < 0) perror("ping");
        double took = await_answer(s, ipv6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY, sent++, seconds);
        if (took >= 0) printf("64 bytes from %s: seq=%d time=%.3f ms\n", argv[optind], sent - 1, took), received++;
        fflush(stdout);
        if (sent != count && took >= 0) sleep(1);
    } while (sent != count);
    printf("\n--- %s ping statistics ---\n%d packets transmitted, %d packets received, %d%% packet loss\n", argv[optind], sent, received,
           100 * (sent - received) / sent);
    return received == 0;
}
