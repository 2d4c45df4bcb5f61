package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
  private static final CsvFormat USUAL = CsvFormat.read(TestOptions.of(""));

  @TempDir private Path directory = Path.of("");

  @Test
  void aFullRecordHasAllColumns() {
    assertThat(USUAL.header())
        .hasValue(
            "time,event,request_id,trace_id,session,principal,client,server,method,name,outcome,"
                + "code,duration_ms,reason,bytes_in,bytes_out,plugins,digest,body,more");
    assertThat(USUAL.line(Sample.full()))
        .isEqualTo(
            "2026-01-02T12:00:00.000Z,response,r-1,4bf92f3577b34da6a3ce929d0e0e4736,abc,alice,"
                + "editor,files,tools/call,read_file,blocked,-32000,1.5,because,10,20,"
                + "\"[{\"\"plugin\"\":\"\"pii\"\",\"\"verdict\"\":\"\"block\"\","
                + "\"\"reason\"\":\"\"a card number\"\"}]\",abcd,\"{\"\"a\"\":1}\","
                + "\"{\"\"more\"\":true}\"");
  }

  @Test
  void absentCellsAreEmptyOrWhatIsAskedFor() {
    var nulls = CsvFormat.read(TestOptions.of("csv_config: {null_value: 'NULL'}"));

    assertThat(USUAL.line(Sample.small("r")))
        .isEqualTo("1970-01-01T00:00:00.000Z,request,r,,,,,,ping,,,,,,,,,,,");
    assertThat(nulls.line(Sample.small("r"))).contains(",r,NULL,NULL,").endsWith(",NULL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1",
        "\"=1",
        "' =1",
        "\u00A0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "``-1",
        "\"\" \"+1"
      })
  void aCellThatCouldBeAFormulaIsNone(String name) {
    assertThat(CsvFormat.harmless(name)).isEqualTo("'" + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\t=1", "\r=1", "\n=1", "\u0000=1", "\u001b=1", "\u200b=1", "\uFEFF=1"})
  void aFormulaDoesNotHideBehindACharacterThatIsNotSeen(String name) {
    assertThat(USUAL.line(Sample.named(name))).doesNotContain(name).contains(",\\");
  }

  @Test
  void noCharacterThatControlsAnythingIsThere() {
    var all = new StringBuilder();
    for (int point = 0; point < 0x3000; point++) {
      if (point < 0xD800 || point > 0xDFFF) {
        all.appendCodePoint(point);
      }
    }
    var line = USUAL.line(Sample.named(all.toString()));

    assertThat(line.codePoints())
        .noneMatch(point -> Character.isISOControl(point) || point == 0x202E || point == 0x2028);
  }

  @Test
  void jsonInACellStaysJson() throws Exception {
    var body = "{\n\t\"a\" : \"b\\nc\u2028\\\\\u009b\"}";
    var cell = Plain.json(Json.trusted(body));

    assertThat(cell).isEqualTo("{  \"a\" : \"b\\nc\\u2028\\\\\\u009b\"}");
  }

  @ParameterizedTest
  @Tag("peers") // needs Python
  @CsvSource(
      delimiter = '/',
      quoteCharacter = '`',
      value = {
        "',' / '\"' / minimal / QUOTE_MINIMAL",
        "';' / '\"' / all / QUOTE_ALL",
        "\"\\t\" / '\"' / nonnumeric / QUOTE_NONNUMERIC",
        "'|' / \"'\" / minimal / QUOTE_MINIMAL",
        "',' / '\"' / none / QUOTE_NONE"
      })
  void aRealReaderReadsWhatWasWritten(String delimiter, String quote, String style, String python)
      throws Exception {
    var options =
        "csv_config: {delimiter: %s, quote_char: %s, quote_style: %s}"
            .formatted(delimiter, quote, style);
    var file = directory.resolve("audit.csv");
    var names = List.of("plain", "a,b;c|d", "say \"hi\"", "it's", "line\nbreak", " spaces ", "\\n");
    var home = new SinkHome(directory);
    try (var recorder =
        home.make(new CsvFactory(), options + "\noutput_file: '" + file + "'\nwait: true")) {
      for (var name : names) {
        recorder.record(Sample.named(name));
      }
      recorder.record(Sample.named("last")).await();
    }
    var expected = names.stream().map(Plain::text).map(CsvFormat::harmless).toList();

    assertThat(read(file, delimiter, quote, python))
        .startsWith("name")
        .endsWith("last")
        .containsSequence(expected);
  }

  /// The names in a file, read by Python's csv module as the options say.
  private static List<String> read(Path file, String delimiter, String quote, String style)
      throws IOException, InterruptedException {
    var program =
        """
        import csv, sys
        sys.stdout.reconfigure(encoding="utf-8")
        escape = "\\\\" if sys.argv[4] == "QUOTE_NONE" else None
        rows = csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True,
            escapechar=escape, delimiter=eval(sys.argv[2]), quotechar=eval(sys.argv[3]),
            quoting=getattr(csv, sys.argv[4]))
        for row in rows:
            assert len(row) == 20, row
            print(row[9])
        """;
    var python =
        new ProcessBuilder("python3", "-c", program, file.toString(), delimiter, quote, style)
            .redirectErrorStream(true)
            .start();
    try (var out = python.inputReader()) {
      var lines = out.readAllLines();
      assertThat(python.waitFor()).as(String.join("\n", lines) + Files.readString(file)).isZero();
      return lines;
    }
  }

  @Test
  void theHeaderStandsThereOnce() throws Exception {
    var home = new SinkHome(directory);
    for (int i = 0; i < 2; i++) {
      try (var recorder = home.make(new CsvFactory(), "")) {
        recorder.record(Sample.small("r"));
      }
    }
    var lines = Files.readAllLines(directory.resolve("audit/watchgate.csv"));
    assertThat(lines).hasSize(3);
    assertThat(lines.stream().filter(line -> line.startsWith("time,"))).hasSize(1);
  }

  @Test
  void optionsThatMakeNoCsvAreReported() {
    assertThat(
            TestOptions.problems(
                new CsvFactory(),
                """
                csv_config: {delimiter: "x", quote_char: "ab", escape_char: "x"}
                max_body_size: 10
                """))
        .anyMatch(problem -> problem.contains("delimiter: must be \",\""))
        .anyMatch(problem -> problem.contains("quote_char: must be one character"))
        .anyMatch(problem -> problem.contains("must differ"))
        .anyMatch(problem -> problem.contains("max_body_size: must be 0"));
  }

  @Test
  void allOptionsOfGatekitAreRead() {
    assertThat(
            TestOptions.problems(
                new CsvFactory(),
                """
                output_file: logs/gatekit_audit.csv
                csv_config:
                  {delimiter: ";", quote_char: "'", quote_style: nonnumeric, escape_char: "\\\\",
                   null_value: ""}
                include_request_body: true
                include_response_body: true
                include_notification_body: true
                max_body_size: 1000
                """))
        .isEmpty();
  }

  @Test
  void bodiesAreKeptWhereTheyAreAskedFor() throws Exception {
    var home = new SinkHome(directory);
    try (var recorder = home.make(new CsvFactory(), "include_request_body: true\nwait: true")) {
      assertThat(recorder.bodies()).hasSize(1);
      recorder.record(Sample.withBody(Json.object("a", "b"))).await();
    }
    await()
        .untilAsserted(() ->
            assertThat(Files.readString(directory.resolve("audit/watchgate.csv")))
                .contains("\"{\"\"a\"\":\"\"b\"\"}\""));
  }
}
