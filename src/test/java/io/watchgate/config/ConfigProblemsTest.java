package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigProblemsTest {
  @TempDir Path directory;
  private ConfigFiles files;

  @BeforeEach
  void setUp() {
    files = new ConfigFiles(directory, Map.of("SECRET", "hunter2"));
  }

  @Test
  void aFileWithTenFaultsReportsTenInTheirOrder() {
    assertThat(
            files.problems(
                """
                proxy:
                  transport: htttp
                  http: {port: 99999}
                  timeouts: {request_timeout: soon}
                  limits: {queue: -1, queue: 2}
                  upstreams:
                    - nmae: files
                      command: npx server
                    - name: a__b
                      url: ftp://example.com
                loging: {level: INFO}
                """))
        .containsExactly(
            "watchgate.yaml:2:14: proxy.transport: expected one of stdio, http, not the text"
                + " \"htttp\" (did you mean \"http\"?)",
            "watchgate.yaml:3:16: proxy.http.port: expected a whole number from 0 to 65535, not the"
                + " number 99999",
            "watchgate.yaml:4:31: proxy.timeouts.request_timeout: expected a duration from 1ms to"
                + " 30d such as 500ms, 30s or 5m, not the text \"soon\"",
            "watchgate.yaml:5:19: proxy.limits.queue: expected a whole number from 0 to 1000000,"
                + " not the number -1",
            "watchgate.yaml:5:23: proxy.limits.queue: duplicate key, first written in line 5",
            "watchgate.yaml:7:7: proxy.upstreams[0].nmae: unknown key (did you mean \"name\"?)",
            "watchgate.yaml:8:16: proxy.upstreams[0].command: expected a list, not the text \"npx"
                + " server\"",
            "watchgate.yaml:9:13: proxy.upstreams[1].name: the name \"a__b\" contains the separator"
                + " \"__\"",
            "watchgate.yaml:10:12: proxy.upstreams[1].url: expected an address with http:// or"
                + " https://, not the text \"ftp://example.com\"",
            "watchgate.yaml:11:1: loging: unknown key (did you mean \"logging\"?)");
  }

  @Test
  void everyDuplicateKeyIsReportedAtAnyDepth() {
    assertThat(
            files.problems(
                """
                proxy:
                  upstream: {url: http://a, url: http://b, headers: {A: x, A: y}}
                plugins:
                  auditing:
                    _global: [{handler: audit_jsonl, config: {rotate: {age: 1h, age: 2h}}}]
                proxy: 1
                """))
        .containsExactly(
            "watchgate.yaml:2:29: proxy.upstream.url: duplicate key, first written in line 2",
            "watchgate.yaml:2:60: proxy.upstream.headers.A: duplicate key, first written in line 2",
            "watchgate.yaml:5:65: plugins.auditing._global[0].config.rotate.age: duplicate key,"
                + " first written in line 5",
            "watchgate.yaml:6:1: proxy: duplicate key, first written in line 1");
  }

  @Test
  void aServerHasACommandOrAUrl() {
    assertThat(files.problemOfServer("name: a"))
        .endsWith("a server needs a command (a child process) or a url (a remote)");
    assertThat(files.problemOfServer("command: [a]\nurl: http://a"))
        .isEqualTo(
            "watchgate.yaml:4:10: proxy.upstream.url: a server has a command or a url, not both");
    assertThat(files.problemOfServer("command: [a]\ntransport: http"))
        .endsWith("http does not fit a server with a command");
    assertThat(files.problemOfServer("url: http://a\ntransport: stdio"))
        .endsWith("stdio does not fit a server with a url");
    assertThat(files.problemOfServer("url: http://a\nenv: {A: b}"))
        .endsWith("proxy.upstream.env: does nothing for a server with a url");
    assertThat(files.problemOfServer("command: [a]\nheaders: {A: b}"))
        .endsWith("proxy.upstream.headers: does nothing for a server with a command");
  }

  @Test
  void commandsAndEnvironmentsAreTexts() {
    assertThat(files.problemOfServer("command: [sleep, 5]"))
        .endsWith("proxy.upstream.command[1]: expected a text, not the number 5 (quote it: \"5\")");
    assertThat(files.problemOfServer("command: ['  ']")).endsWith("the program is empty");
    assertThat(files.problemOfServer("command: []")).contains("the list is empty");
    assertThat(files.problemOfServer("command: [a]\nenv: {DEBUG: true}"))
        .endsWith("proxy.upstream.env.DEBUG: expected a text, not true (quote it: \"true\")");
    assertThat(files.problemOfServer("command: [a]\nenv: {'A=B': x}"))
        .endsWith("expected the name of an environment variable, not \"A=B\"");
    assertThat(files.problemOfServer("command: [a]\nenv: [A]"))
        .endsWith("expected a mapping, not a list");
    assertThat(files.problemOfServer("command: [a]\ncwd: nowhere"))
        .endsWith("there is no directory " + "nowhere");
    assertThat(files.problemOfServer("command: [a]\nargs: [b]"))
        .endsWith("unknown key: arguments belong into command, after the program");
  }

  @Test
  void addressesAndHeadersMustBeLegal() {
    assertThat(files.problemOfServer("url: 'http://'")).contains("expected an address");
    assertThat(files.problemOfServer("url: '/mcp'")).contains("expected an address");
    assertThat(files.problemOfServer("url: 'http://a b'")).contains("expected an address");
    assertThat(files.problemOfServer("url: 'http://a:70000'")).contains("expected an address");
    assertThat(files.problemOfServer("url: 12")).contains("expected an address");
    assertThat(files.problemOfServer("url: 'http://me:secret@a'"))
        .contains("holds a user or password");
    assertThat(files.problemOfServer("url: 'http://a/#x'")).contains("#fragment");
    var headers = "url: http://a\nheaders: ";
    assertThat(files.problemOfServer(headers + "{'a b': x}"))
        .endsWith("expected the name of an HTTP header, not \"a b\"");
    assertThat(files.problemOfServer(headers + "{a: \"x\\ny\"}"))
        .contains("proxy.upstream.headers.a: expected a text without line breaks");
    assertThat(files.problemOfServer(headers + "{Mcp-Session-Id: x}"))
        .endsWith("Mcp-Session-Id is written by the gateway itself");
    assertThat(files.problemOfServer(headers + "{X-A: x, x-a: y}"))
        .endsWith("x-a is there twice but for its case");
  }

  @Test
  void namesAndPrefixesMustBeLegalAndUnique() {
    assertThat(files.problemOfServer("url: http://a\nname: 1a")).contains("expected a name of 1");
    assertThat(files.problemOfServer("url: http://a\nname: " + "a".repeat(64)))
        .contains("expected a name of 1 to 63");
    assertThat(files.problemOfServer("url: http://a\nname: a__b")).contains("the separator \"__\"");
    assertThat(files.problemOfServer("url: http://a\nprefix: 'a b'")).contains("expected up to 64");
    assertThat(
            files.problems(
                """
                proxy:
                  upstreams:
                    - {name: a, url: http://a}
                    - {name: a, url: http://b}
                """))
        .containsExactly(
            "watchgate.yaml:4:14: proxy.upstreams[1].name: the name \"a\" is taken by the upstream"
                + " of line 3");
    assertThat(files.problems("proxy: {separator: 'x y', upstream: {url: http://a}}"))
        .singleElement()
        .asString()
        .contains("proxy.separator: expected 1 to 8 of the characters");
    assertThat(files.problems("proxy: {upstream: {url: http://a}, upstreams: {url: http://b}}"))
        .singleElement()
        .asString()
        .endsWith("write upstreams or the old upstream, not both");
  }

  @Test
  void keysThatContradictEachOtherAreReported() {
    assertThat(files.problemOfServer("url: http://a\nrestart: {backoff: 1m, max_backoff: 1s}"))
        .endsWith("proxy.upstream.restart.backoff: it is longer than max_backoff");
    assertThat(files.problemOfServer("url: http://a\nretry: {backoff: 1m, max_backoff: 1s}"))
        .endsWith("proxy.upstream.retry.backoff: it is longer than max_backoff");
    assertThat(
            files.problemOfServer(
                "url: http://a\nmax_restart_attempts: 1\nrestart: {max_attempts: 2}"))
        .endsWith("restart.max_attempts says the same, write one of them");
    assertThat(
            files.problems(
                """
                proxy:
                  timeouts: {request_timeout: 2m, max_request_timeout: 90s}
                  upstream: {url: http://a, request_timeout: 1.5h}
                """))
        .containsExactly(
            "watchgate.yaml:2:31: proxy.timeouts.request_timeout: 2m is longer than"
                + " proxy.timeouts.max_request_timeout, 90s",
            "watchgate.yaml:3:46: proxy.upstream.request_timeout: 90m is longer than"
                + " proxy.timeouts.max_request_timeout, 90s");
    assertThat(
            files.problems(
                """
                proxy: {transport: http, upstream: {url: http://a}}
                admin: {enabled: yes, port: 8787}
                logging: {handlers: [file]}
                """))
        .containsExactly(
            "watchgate.yaml:2:29: admin.port: proxy.http.port is 8787 already",
            "watchgate.yaml:3:21: logging.handlers: the handler file needs logging.file_path");
  }

  @Test
  void keysOfLaterFeaturesAreCheckedNow() {
    assertThat(
            files.problems(
                """
                proxy:
                  upstream:
                    url: http://a
                    pool: {maximum: 1, queue: -1}
                    retry: {jitter: 2, budget: 120%, max_attempts: 0}
                    circuit_breaker: {failure_threshold: x, recovery_timeout: 0}
                """))
        .extracting(line -> line.replaceAll("expected (.*), not.*", "$1"))
        .containsExactly(
            "watchgate.yaml:4:12: proxy.upstream.pool.maximum: unknown key (did you mean \"max\"?)",
            "watchgate.yaml:4:31: proxy.upstream.pool.queue: a whole number from 0 to 1000000",
            "watchgate.yaml:5:21: proxy.upstream.retry.jitter: a number from 0 to 1",
            "watchgate.yaml:5:32: proxy.upstream.retry.budget: a share from 0% to 100%",
            "watchgate.yaml:5:52: proxy.upstream.retry.max_attempts: a whole number from 1 to 100",
            "watchgate.yaml:6:42: proxy.upstream.circuit_breaker.failure_threshold: a whole number"
                + " from 1 to 1000000",
            "watchgate.yaml:6:63: proxy.upstream.circuit_breaker.recovery_timeout: a duration from"
                + " 1ms to 30d such as 500ms, 30s or 5m");
  }

  @Test
  void pluginsAreCheckedNow() {
    assertThat(
            files.problems(
                """
                proxy:
                  upstreams: [{name: files, url: http://a}, {name: web, url: http://b}]
                plugins:
                  secuirty: {}
                  security:
                    _anything: {free: form}
                    filse: []
                    web:
                    _global:
                      - handler: pii
                        config: {priority: 101, enabled: maybe, whatever: {x: 1}}
                      - config: {}
                      - {handler: pii, policy: x, priority: 3}
                      - pii
                  middleware: []
                  auditing: {files: {handler: x}}
                """))
        .containsExactly(
            "watchgate.yaml:4:3: plugins.secuirty: unknown key (did you mean \"security\"?)",
            "watchgate.yaml:7:5: plugins.security.filse: there is no upstream of this name"
                + " (upstreams: files, web) (did you mean \"files\"?)",
            "watchgate.yaml:11:28: plugins.security._global[0].config.priority: expected a whole"
                + " number from 0 to 100, not the number 101",
            "watchgate.yaml:11:42: plugins.security._global[0].config.enabled: expected true or"
                + " false, not the text \"maybe\"",
            "watchgate.yaml:12:9: plugins.security._global[1]: the key \"handler\" is missing",
            "watchgate.yaml:13:24: plugins.security._global[2].policy: unknown key: plugins are"
                + " named by handler",
            "watchgate.yaml:13:35: plugins.security._global[2].priority: unknown key: it belongs"
                + " into config",
            "watchgate.yaml:14:9: plugins.security._global[3]: expected a mapping, not the text"
                + " \"pii\"",
            "watchgate.yaml:15:15: plugins.middleware: expected a mapping of _global or a server's"
                + " name to a list of plugins, not a list",
            "watchgate.yaml:16:21: plugins.auditing.files: expected a list, not a mapping");
  }

  @Test
  void referencesThatLeadNowhereAreReportedOnce() {
    Assertions.assertThatNoException()
        .isThrownBy(() -> Files.write(directory.resolve("bad"), new byte[] {(byte) 0xFF}));
    files.write("big", "x".repeat(70_000));
    assertThat(
            files.problems(
                """
                proxy:
                  http: {port: "${env:PORT}"}
                  upstream:
                    command: [a, "${file:none.txt}", "${file:bad}", "${file:big}", "${file:}"]
                    env: {A: "${env:NOPE}"}
                """))
        .extracting(line -> line.replace(directory.toString(), "DIR"))
        .containsExactly(
            "watchgate.yaml:2:16: proxy.http.port: ${env:PORT}: the environment variable PORT is"
                + " not set (a default: ${env:PORT:-default})",
            "watchgate.yaml:4:18: proxy.upstream.command[1]: ${file:none.txt}: there is no file"
                + " none.txt",
            "watchgate.yaml:4:38: proxy.upstream.command[2]: ${file:bad}: bad is not UTF-8 text",
            "watchgate.yaml:4:53: proxy.upstream.command[3]: ${file:big}: cannot read big: it is"
                + " larger than 65536 bytes",
            "watchgate.yaml:4:68: proxy.upstream.command[4]: ${file:}: there is no file DIR",
            "watchgate.yaml:5:14: proxy.upstream.env.A: ${env:NOPE}: the environment variable NOPE"
                + " is not set (a default: ${env:NOPE:-default})");
  }

  @Test
  void aProblemNeverShowsWhatAReferenceBroughtIn() {
    var problems =
        files.problems("proxy: {http: {port: '${env:SECRET}'}, upstream: {url: '${env:SECRET}'}}");
    assertThat(problems).hasSize(2).noneMatch(line -> line.contains("hunter2"));
    assertThat(problems).allMatch(line -> line.contains("${env:SECRET}"));
  }

  @Test
  void aProblemIsOneLineWhateverTheFileHolds() {
    assertThat(files.problems("proxy: {upstream: {url: \"a\\nb\\e[2J\"}, \"x\\ny\": 1}"))
        .hasSize(2)
        .noneMatch(line -> line.chars().anyMatch(Character::isISOControl))
        .anyMatch(line -> line.contains("the text \"a\\nb?[2J\""));
  }

  @Test
  void mergeKeysOfGatekitsLoaderWork() {
    assertThat(
            files.problems(
                """
                proxy:
                  upstreams:
                    - &a {name: a, url: http://a, sessions: shared}
                    - {<<: [*a], name: b}
                    - {<<: 3, name: c, url: http://c}
                """))
        .containsExactly(
            "watchgate.yaml:5:12: proxy.upstreams[2]: << takes a mapping or an alias, not the"
                + " number 3");
  }

  @Test
  void keysUnderTheWrongParentAreSentToTheRightOne() {
    assertThat(files.problems("proxy: {plugins: {}, upstream: {url: http://a}}"))
        .containsExactly(
            "watchgate.yaml:1:9: proxy.plugins: unknown key: it belongs at the top level, not under"
                + " proxy");
    assertThat(files.problems("upstreams: []")).hasSize(2).first().asString().contains("proxy");
  }

  @Test
  void logFilesAndOtherValuesOfTheRootAreChecked() {
    assertThat(
            files.problems(
                """
                proxy:
                  transport: http
                  http:
                    {path: mcp, allowed_origins: ["*"], allowed_hosts: [a b], bearer_tokens: [a b]}
                  upstream: {url: http://a}
                logging:
                  {level: LOUD, handlers: stderr, file_path: ., format: xml, max_file_size_mb: 0}
                """))
        .extracting(
            line -> line.replaceAll("^watchgate.yaml:\\d+:\\d+: ([a-z_.\\[\\]0]+): .*", "$1"))
        .containsExactly(
            "proxy.http.path",
            "proxy.http.allowed_origins[0]",
            "proxy.http.allowed_hosts[0]",
            "proxy.http.bearer_tokens[0]",
            "logging.level",
            "logging.handlers",
            "logging.file_path",
            "logging.format",
            "logging.max_file_size_mb");
  }
}
