// The floor for servers on pipes: starts a program and passes messages between its pipes and our own,
// both ways, each by itself, with no more of a look at them than where a line ends.
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN = 0, OUT = 1, ROOM = 65536 };

static int pass(int from, int to) {
  static char bytes[ROOM];
  ssize_t count = read(from, bytes, ROOM);
  for (ssize_t done = 0; done < count;) {
    char *end = memchr(bytes + done, '\n', (size_t)(count - done));
    size_t length = end ? (size_t)(end + 1 - (bytes + done)) : (size_t)(count - done);
    ssize_t written = write(to, bytes + done, length);
    if (written <= 0) {
      return 0;
    }
    done += written;
  }
  return count > 0;
}

int main(int count, char **words) {
  int down[2];
  int up[2];
  if (count < 2 || pipe(down) != 0 || pipe(up) != 0) {
    return 2;
  }
  if (fork() == 0) {
    dup2(down[0], IN);
    dup2(up[1], OUT);
    close(down[0]);
    close(down[1]);
    close(up[0]);
    close(up[1]);
    execv(words[1], words + 1);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  struct pollfd both[2] = {{IN, POLLIN, 0}, {up[0], POLLIN, 0}};
  while (poll(both, 2, -1) > 0) {
    if (both[0].revents && !pass(IN, down[1])) {
      close(down[1]);
      both[0].fd = -1; // the program ends by that, and says its last before
    }
    if (both[1].revents && !pass(up[0], OUT)) {
      break;
    }
  }
  wait(NULL);
  return 0;
}
