// A server on standard input and output that answers at once, with what was made before. Its
// argument is how many tools it has. It looks for keys and does not parse: the arguments of calls
// are known.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1 << 20, ANSWER = 900, DESCRIPTION = 150 };

static const char SENTENCES[] =
    "The harbour lists every vessel that came in before noon with its cargo and berth. "
    "Two of them wait for a pilot because the tide is late this week. "
    "Nobody has asked for the northern crane since the spring repairs ended. "
    "Grain goes to the silo by the rail yard and timber stays on the quay. ";

static char input[ROOM];
static char output[ROOM];
static size_t pending;

static void flush_all(void) {
  for (size_t done = 0; done < pending;) {
    ssize_t written = write(1, output + done, pending - done);
    if (written <= 0) {
      exit(0);
    }
    done += (size_t)written;
  }
  pending = 0;
}

static void put(const char *bytes, size_t length) {
  while (length > 0) {
    if (pending == ROOM) {
      flush_all();
    }
    size_t part = length < ROOM - pending ? length : ROOM - pending;
    memcpy(output + pending, bytes, part);
    pending += part;
    bytes += part;
    length -= part;
  }
}

static void say(const char *text) { put(text, strlen(text)); }

static void words(size_t length) {
  for (size_t room = sizeof SENTENCES - 1; length > 0;) {
    size_t part = length < room ? length : room;
    put(SENTENCES, part);
    length -= part;
  }
}

static void list(int tools) {
  static const char *named[] = {"small", "large", "events", "slow"};
  say("{\"tools\":[");
  for (int i = 0; i < tools; i++) {
    char name[32];
    if (i < 4) {
      snprintf(name, sizeof name, "%s", named[i]);
    } else {
      snprintf(name, sizeof name, "tool_%05d", i);
    }
    say(i > 0 ? ",{\"name\":\"" : "{\"name\":\"");
    say(name);
    say("\",\"description\":\"");
    words(DESCRIPTION);
    say("\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\","
        "\"description\":\"What it is about\"}}}}");
  }
  say("]}");
}

static void answer(char *line, int tools) {
  char *id = strstr(line, "\"id\":");
  char *method = strstr(line, "\"method\":");
  if (!id || !method) {
    return;
  }
  id += 5 + (id[5] == ' ');
  method += 9;
  method += strspn(method, " \"");
  size_t length = *id == '"' ? strcspn(id + 1, "\"") + 2 : strcspn(id, ",} ");
  say("{\"jsonrpc\":\"2.0\",\"id\":");
  put(id, length);
  if (strncmp(method, "tools/call\"", 11) == 0) {
    say(",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    words(ANSWER);
    say("\"}],\"isError\":false}}\n");
  } else if (strncmp(method, "tools/list\"", 11) == 0) {
    say(",\"result\":");
    list(tools);
    say("}\n");
  } else if (strncmp(method, "initialize\"", 11) == 0) {
    char *version = strstr(line, "\"protocolVersion\":");
    version = version ? strchr(version + 18, '"') + 1 : "2025-11-25";
    say(",\"result\":{\"protocolVersion\":\"");
    put(version, strcspn(version, "\""));
    say("\",\"capabilities\":{\"tools\":{}},"
        "\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}\n");
  } else if (strncmp(method, "ping\"", 5) == 0) {
    say(",\"result\":{}}\n");
  } else {
    say(",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}\n");
  }
}

int main(int count, char **arguments) {
  int tools = count > 1 ? atoi(arguments[1]) : 10;
  size_t held = 0;
  for (;;) {
    ssize_t more = read(0, input + held, ROOM - 1 - held);
    if (more <= 0) {
      return 0;
    }
    held += (size_t)more;
    char *line = input;
    char *end;
    while ((end = memchr(line, '\n', held - (size_t)(line - input)))) {
      *end = 0;
      answer(line, tools);
      line = end + 1;
    }
    flush_all();
    held -= (size_t)(line - input);
    memmove(input, line, held);
  }
}
