/* A server as students write it in C: one file, POSIX threads, the handout's backlog.
 *
 *   handout KIND BACKLOG --listen HOST:PORT
 *
 * Right: threads, serial, fork (whose counter is in shared memory).
 * Wrong, at the speed of C: unlocked (no lock around the counter), two-atomics (the counter is
 * raised, and read again for the reply), two-sections (the read and the write each under the
 * lock). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 16, MOST = 1 << 20, NAMES = 4096, CLIENTS = 1024 };

struct counter { char name[32]; volatile long value; };
struct shared {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct counter counters[NAMES];
    int want, came, round, met;
};
static struct shared *shared;
static volatile sig_atomic_t stopping;
static int connected[CLIENTS], running;
static pthread_mutex_t clients = PTHREAD_MUTEX_INITIALIZER, print = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static const char *kind;

struct buffer { char *bytes; size_t length, room; };

static int need(struct buffer *in, int client, size_t length) {
    while (in->length < length) {
        if (in->room < length + 65536) {
            in->room = length + 65536;
            in->bytes = realloc(in->bytes, in->room + 1);
        }
        ssize_t count = recv(client, in->bytes + in->length, in->room - in->length, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -1;
        in->length += count;
    }
    return 0;
}

/* The place behind the next line end at or after `from`, or -1. */
static long line(struct buffer *in, int client, size_t from) {
    for (;;) {
        char *end = in->length > from ? memchr(in->bytes + from, '\n', in->length - from) : NULL;
        if (end) return end + 1 - in->bytes;
        if (in->length - from > 65536 || need(in, client, in->length + 1) < 0) return -1;
    }
}

static int send_all(int client, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = send(client, bytes, length, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -1;
        bytes += count, length -= count;
    }
    return 0;
}

static int say(int client, const char *text) { return send_all(client, text, strlen(text)); }

static int bulk(int client, const char *bytes, size_t length) {
    char *reply = malloc(length + 32);
    int head = sprintf(reply, "$%zu\r\n", length);
    memcpy(reply + head, bytes, length);
    memcpy(reply + head + length, "\r\n", 2);
    int sent = send_all(client, reply, head + length + 2);
    free(reply);
    return sent;
}

static struct counter *find(const char *name) {
    unsigned hash = 7;
    for (const char *at = name; *at; at++) hash = hash * 31 + (unsigned char)*at;
    for (unsigned step = 0;; step++) {
        struct counter *counter = &shared->counters[(hash + step) % NAMES];
        if (!counter->name[0]) strncpy(counter->name, name, sizeof counter->name - 1);
        if (!strncmp(counter->name, name, sizeof counter->name - 1)) return counter;
    }
}

static long raise_counter(const char *name) {
    pthread_mutex_lock(&shared->lock);
    struct counter *counter = find(name);
    if (!strcmp(kind, "unlocked")) {
        pthread_mutex_unlock(&shared->lock);
        return ++counter->value;
    }
    if (!strcmp(kind, "two-atomics")) {
        pthread_mutex_unlock(&shared->lock);
        __atomic_fetch_add(&counter->value, 1, __ATOMIC_SEQ_CST);
        return __atomic_load_n(&counter->value, __ATOMIC_SEQ_CST);
    }
    long value = counter->value + 1;
    if (!strcmp(kind, "two-sections")) {
        pthread_mutex_unlock(&shared->lock);
        pthread_mutex_lock(&shared->lock);
    }
    counter->value = value;
    pthread_mutex_unlock(&shared->lock);
    return value;
}

static int meet(int client, int number) {
    char text[80];
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 5;
    pthread_mutex_lock(&shared->lock);
    if (shared->came == 0) shared->want = number;
    int round = shared->round, late = 0;
    if (++shared->came >= shared->want) {
        shared->met = ++shared->round;
        shared->came = 0;
        pthread_cond_broadcast(&shared->changed);
    }
    while (shared->round == round && !late)
        late = pthread_cond_timedwait(&shared->changed, &shared->lock, &end) == ETIMEDOUT;
    int met = shared->round != round, came = shared->came;
    if (!met && late) shared->came--;
    pthread_mutex_unlock(&shared->lock);
    if (met) return say(client, "+MET\r\n");
    sprintf(text, "-TIMEOUT only %d of %d clients met\r\n", came, number);
    return say(client, text);
}

static int run(int client, char **words, int count) {
    static const char *allowed[] = {"echo", "date", "true", "false", NULL};
    int known = 0, pipes[2], status = 0;
    for (int i = 0; allowed[i]; i++) known |= count > 1 && !strcmp(words[1], allowed[i]);
    if (!known || pipe(pipes) < 0) return say(client, "-NOPERM not allowed\r\n");
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], 1);
        execvp(words[1], words + 1);
        _exit(127);
    }
    close(pipes[1]);
    char out[4096], head[64];
    size_t length = 0;
    ssize_t got;
    while ((got = read(pipes[0], out + length, sizeof out - length)) > 0) length += got;
    close(pipes[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    sprintf(head, "*3\r\n:%d\r\n", WEXITSTATUS(status));
    return say(client, head) < 0 || bulk(client, out, length) < 0 ? -1 : say(client, "$0\r\n\r\n");
}

static void log_request(char **words, size_t *lengths, int count) {
    pthread_mutex_lock(&print);
    for (int i = 0; i < count; i++) {
        for (size_t at = 0; at < lengths[i] && at < 200; at++) {
            unsigned char byte = words[i][at];
            byte >= 32 && byte < 127 ? putchar(byte) : printf("\\x%02x", byte);
        }
        putchar(i + 1 < count ? ' ' : '\n');
    }
    fflush(stdout);
    pthread_mutex_unlock(&print);
}

static int answer(int client, char **words, size_t *lengths, int count) {
    char text[64];
    log_request(words, lengths, count);
    if (!strcasecmp(words[0], "PING") && count < 3)
        return count == 2 ? bulk(client, words[1], lengths[1]) : say(client, "+PONG\r\n");
    if (!strcasecmp(words[0], "ECHO") && count == 2) return bulk(client, words[1], lengths[1]);
    if (!strcasecmp(words[0], "INCR") && count == 2) {
        sprintf(text, ":%ld\r\n", raise_counter(words[1]));
        return say(client, text);
    }
    if (!strcasecmp(words[0], "SLEEP") && count == 2) {
        char *unit;
        double time = strtod(words[1], &unit);
        if (unit == words[1]) return say(client, "-ERR invalid duration\r\n");
        if (!strcmp(unit, "ms")) time /= 1000;
        struct timespec pause = {(time_t)time, (long)((time - (time_t)time) * 1e9)};
        while (nanosleep(&pause, &pause) < 0 && errno == EINTR) {}
        return say(client, "+OK\r\n");
    }
    if (!strcasecmp(words[0], "MEET") && count == 2) return meet(client, atoi(words[1]));
    if (!strcasecmp(words[0], "RUN")) return run(client, words, count);
    return say(client, "-ERR not understood\r\n");
}

/* One request of one client; -1 at its end. */
static int serve_one(struct buffer *in, int client) {
    char *words[WORDS + 1];
    size_t lengths[WORDS], starts[WORDS];
    int count = 0;
    long at = line(in, client, 0);
    if (at < 0) return -1;
    if (in->bytes[0] != '*') {
        char *rest = in->bytes, *word;
        in->bytes[at - 1] = 0;
        while (count < WORDS && (word = strsep(&rest, " \r"))) {
            if (*word) starts[count] = word - in->bytes, lengths[count++] = strlen(word);
        }
    } else {
        long all = strtol(in->bytes + 1, NULL, 10);
        if (all < 0 || all > WORDS) return say(client, "-ERR Protocol error\r\n"), -1;
        for (; count < all; count++) {
            long next = line(in, client, at);
            if (next < 0) return -1;
            long length = in->bytes[at] == '$' ? strtol(in->bytes + at + 1, NULL, 10) : -1;
            if (length < 0 || length > MOST) return say(client, "-ERR Protocol error\r\n"), -1;
            if (need(in, client, next + length + 2) < 0) return -1;
            starts[count] = next, lengths[count] = length;
            at = next + length + 2;
        }
    }
    for (int i = 0; i < count; i++) words[i] = in->bytes + starts[i];
    char kept[WORDS];
    for (int i = 0; i < count; i++) kept[i] = words[i][lengths[i]], words[i][lengths[i]] = 0;
    words[count] = NULL;
    int done = count ? answer(client, words, lengths, count) : 0;
    for (int i = 0; i < count; i++) words[i][lengths[i]] = kept[i];
    memmove(in->bytes, in->bytes + at, in->length - at);
    in->length -= at;
    return done;
}

static void serve(int client) {
    struct buffer in = {0};
    while (!stopping && serve_one(&in, client) == 0) {}
    free(in.bytes);
}

static void *client_thread(void *argument) {
    int client = (int)(long)argument;
    serve(client);
    pthread_mutex_lock(&clients);
    connected[client] = 0;
    close(client);
    running--;
    pthread_cond_signal(&left);
    pthread_mutex_unlock(&clients);
    return NULL;
}

static void start_thread(int client) {
    pthread_t thread;
    pthread_mutex_lock(&clients);
    connected[client] = 1;
    running++;
    pthread_mutex_unlock(&clients);
    if (pthread_create(&thread, NULL, client_thread, (void *)(long)client) == 0) {
        pthread_detach(thread);
        return;
    }
    pthread_mutex_lock(&clients);
    connected[client] = 0, running--;
    close(client);
    pthread_mutex_unlock(&clients);
}

static void stop(int number) { (void)number, stopping = 1; }
static void reap(int number) {
    (void)number;
    int error = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0) {}
    errno = error;
}

static void handle(int listener, int client) {
    int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!strcmp(kind, "serial")) {
        serve(client);
        close(client);
    } else if (!strcmp(kind, "fork")) {
        if (fork() == 0) {
            signal(SIGCHLD, SIG_DFL);
            close(listener);
            serve(client);
            exit(0);
        }
        close(client);
    } else {
        start_thread(client);
    }
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: handout KIND BACKLOG --listen ADDR\n"), 2;
    kind = words[1];
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t across;
    pthread_condattr_t waits;
    pthread_mutexattr_init(&across), pthread_mutexattr_setpshared(&across, PTHREAD_PROCESS_SHARED);
    pthread_condattr_init(&waits), pthread_condattr_setpshared(&waits, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->lock, &across), pthread_cond_init(&shared->changed, &waits);
    struct sigaction stops = {.sa_handler = stop}, reaps = {.sa_handler = reap};
    sigaction(SIGTERM, &stops, NULL);
    if (!strcmp(kind, "fork")) sigaction(SIGCHLD, &reaps, NULL);
    char *port = strrchr(words[4], ':');
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port + 1))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (void *)&address, sizeof address) < 0) return perror("bind"), 1;
    listen(listener, atoi(words[2]));
    socklen_t length = sizeof address;
    getsockname(listener, (void *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (!stopping) {
        fd_set ready;
        struct timeval pause = {0, 100000};
        FD_ZERO(&ready);
        FD_SET(listener, &ready);
        if (select(listener + 1, &ready, NULL, NULL, &pause) <= 0) continue;
        int client = accept(listener, NULL, NULL);
        if (client >= 0) handle(listener, client);
    }
    close(listener);
    pthread_mutex_lock(&clients);
    for (int client = 0; client < CLIENTS; client++)
        if (connected[client]) shutdown(client, SHUT_RD);
    while (running > 0) pthread_cond_wait(&left, &clients);
    pthread_mutex_unlock(&clients);
    if (!strcmp(kind, "fork")) {
        signal(SIGTERM, SIG_IGN), signal(SIGCHLD, SIG_DFL);
        kill(0, SIGTERM);
        while (waitpid(-1, NULL, 0) > 0) {}
    }
    return 0;
}
