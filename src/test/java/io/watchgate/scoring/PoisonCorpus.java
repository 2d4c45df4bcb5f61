package io.watchgate.scoring;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Definitions of tools, poisoned in all places and disguises, and innocent ones.
public final class PoisonCorpus {
  private static final String HELD_BACK = "*";
  private static final String LATIN = "aceopxyijsABCEHIKMOPTX";
  private static final String CYRILLIC = "асеорхуіјѕАВСЕНІКМОРТХ";

  private PoisonCorpus() {}

  /// Where an order can stand: JSON with `@` in place of it.
  static final Map<String, String> POSITIONS = positions();

  private static Map<String, String> positions() {
    var positions = new LinkedHashMap<String, String>();
    var property = "{'name':'add','inputSchema':{'type':'object','properties':{'a':{%s}}}}";
    positions.put("description", "{'name':'add','description':'Adds two numbers. @'}");
    positions.put("title", "{'name':'add','title':'@'}");
    positions.put("annotations", "{'name':'add','annotations':{'title':'@','readOnlyHint':true}}");
    positions.put("parameter description", property.formatted("'description':'@'"));
    positions.put("parameter title", property.formatted("'title':'@','type':'string'"));
    positions.put("enum", property.formatted("'enum':['x','@']"));
    positions.put("default", property.formatted("'default':'@'"));
    positions.put("const", property.formatted("'const':'@'"));
    positions.put("examples", property.formatted("'examples':[1,{'b':['@']}]"));
    positions.put("pattern", property.formatted("'pattern':'@'"));
    positions.put("comment", property.formatted("'$comment':'@'"));
    positions.put("required", "{'name':'add','inputSchema':{'required':['a','@']}}");
    positions.put("parameter name", "{'name':'add','inputSchema':{'properties':{'@':{}}}}");
    positions.put(
        "deep definition",
        "{'name':'add','inputSchema':{'$defs':{'d':{'anyOf':[{'items':{'description':'@'}}]}}}}");
    positions.put("output schema", "{'name':'add','outputSchema':{'description':'@'}}");
    return positions;
  }

  /// How an order can be hidden.
  static final Map<String, UnaryOperator<String>> DISGUISES = disguises();

  private static Map<String, UnaryOperator<String>> disguises() {
    var disguises = new LinkedHashMap<String, UnaryOperator<String>>();
    disguises.put("none", text -> text);
    disguises.put("capitals", String::toUpperCase);
    disguises.put("lines", text -> text.replace(" ", "\n  "));
    disguises.put("zero width", text -> each(text, c -> c + "\u200B"));
    disguises.put("soft hyphens", text -> text.replace("e", "e\u00AD"));
    disguises.put("homoglyphs", text -> swapped(text, LATIN, CYRILLIC));
    disguises.put("full width", text -> each(text, PoisonCorpus::fullWidth));
    disguises.put("accents", text -> each(text, c -> c + (c.isBlank() ? "" : "\u0301")));
    disguises.put("tags", text -> "Adds." + each(text, PoisonCorpus::tag));
    disguises.put("percent", text -> each(text, c -> "%%%02X".formatted((int) c.charAt(0))));
    disguises.put("entities", text -> each(text, c -> "&#" + (int) c.charAt(0) + ";"));
    disguises.put("base64", text -> Base64.getEncoder().encodeToString(bytes(text)));
    disguises.put("rot13", text -> each(text, PoisonCorpus::rot13));
    disguises.put("backwards", text -> new StringBuilder(text).reverse().toString());
    disguises.put("digits", text -> swapped(text, "eoait", "30417"));
    disguises.put("apart", text -> each(text, c -> c + " "));
    disguises.put("terminal codes", text -> "Adds.\u001B[8m" + text + "\u001B[0m");
    return disguises;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String each(String text, UnaryOperator<String> letter) {
    return text.chars()
        .mapToObj(c -> letter.apply(Character.toString(c)))
        .collect(Collectors.joining());
  }

  private static String swapped(String text, String from, String to) {
    return each(text, c -> from.contains(c) ? to.substring(from.indexOf(c)).substring(0, 1) : c);
  }

  private static String fullWidth(String letter) {
    char c = letter.charAt(0);
    return c > ' ' && c < 0x7F ? Character.toString(c + 0xFEE0) : letter;
  }

  private static String tag(String letter) {
    return letter.charAt(0) < 0x7F ? Character.toString(0xE0000 + letter.charAt(0)) : "";
  }

  private static String rot13(String letter) {
    char c = letter.charAt(0);
    char first = Character.isUpperCase(c) ? 'A' : 'a';
    boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return isLetter ? Character.toString(first + (c - first + 13) % 26) : letter;
  }

  /// An order in a position.
  static Json poisoned(String position, String order) {
    var quoted = Json.string(order).toString();
    var inside = quoted.substring(1, quoted.length() - 1);
    return Json.trusted(position.replace('\'', '"').replace("@", inside));
  }

  /// All orders, with those that are held back or without them.
  static List<String> orders(boolean heldBack) {
    return lines("orders.txt").stream()
        .filter(line -> line.startsWith(HELD_BACK) == heldBack)
        .map(line -> heldBack ? line.substring(1).strip() : line)
        .toList();
  }

  static List<Json> named() {
    return lines("names.txt").stream()
        .map(name -> poisoned(Objects.requireNonNull(POSITIONS.get("parameter name")), name))
        .toList();
  }

  /// Honest tools, and honest prompts of the same words.
  static List<Json> innocent() {
    var innocent = new ArrayList<Json>();
    for (var line : lines("innocent.txt")) {
      var parts = line.split("\\|", -1);
      var properties = Json.EMPTY_OBJECT;
      var arguments = new ArrayList<Json>();
      for (var parameter : parts[2].split(";", -1)) {
        var words = parameter.strip().split(": ", 2);
        if (words.length == 2 && properties.member(words[0]).isEmpty()) {
          properties =
              properties.plus(words[0], Json.object("type", "string", "description", words[1]));
          arguments.add(Json.object("name", words[0], "description", words[1]));
        }
      }
      var name = parts[0].strip();
      var description = parts[1].strip();
      var schema = Json.object("type", "object", "properties", properties);
      innocent.add(Json.object("name", name, "description", description, "inputSchema", schema));
      innocent.add(
          Json.object(
              "name", name, "description", description, "arguments", Json.array(arguments)));
    }
    return innocent;
  }

  private static List<String> lines(String file) {
    try (var in = PoisonCorpus.class.getResourceAsStream("poison/" + file)) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
