package io.watchgate.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads text into a tree with positions and reports what the text itself has wrong.
///
/// The tree is built from parser events with a stack of its own, not by recursion, so that deep
/// nesting, an alias that holds itself and an alias that multiplies end in a problem and nothing
/// else.
final class YamlReader {
  static final int MAX_DEPTH = 64;
  static final int MAX_VALUES = 100_000;
  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();
  private static final LoadSettings SETTINGS = LoadSettings.builder().setUseMarks(true).build();

  private static final Map<String, Yaml.Kind> KINDS =
      Map.of(
          Tag.STR.getValue(), Yaml.Kind.TEXT,
          Tag.MERGE.getValue(), Yaml.Kind.TEXT,
          Tag.INT.getValue(), Yaml.Kind.INTEGER,
          Tag.FLOAT.getValue(), Yaml.Kind.NUMBER,
          Tag.BOOL.getValue(), Yaml.Kind.BOOLEAN,
          Tag.NULL.getValue(), Yaml.Kind.NULL);

  private final Problems problems;
  private final Map<String, YamlFrame.Finished> anchors = new HashMap<>();
  private YamlFrame frame = YamlFrame.root();

  private YamlReader(Problems problems) {
    this.problems = problems;
  }

  /// The one document of the text, empty when there is none or it cannot be read.
  static Optional<Yaml> read(String text, Problems problems) {
    return new YamlReader(problems).document(text);
  }

  /// A value that the program itself wrote: a default.
  static Yaml readOwn(String text) {
    var problems = new Problems(Path.of("default"));
    var value = read(text, problems);
    problems.throwIfAny();
    return value.orElseThrow();
  }

  private Optional<Yaml> document(String text) {
    try {
      var events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      while (events.hasNext()) {
        accept(events.next());
      }
    } catch (Unreadable unreadable) {
      problems.add(unreadable.at, unreadable.path, unreadable.reason);
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      problems.add(position(e.getProblemMark()), "", "not valid YAML: " + said(e));
      return Optional.empty();
    } catch (ReaderException e) {
      var character = "U+%04X".formatted(e.getCodePoint());
      var message = "not valid YAML: the character " + character + " is not allowed";
      problems.add(positionOf(text, e.getPosition()), "", message);
      return Optional.empty();
    } catch (YamlEngineException e) {
      problems.add(Position.START, "", "not valid YAML: " + e.getMessage());
      return Optional.empty();
    }
    return frame.document();
  }

  private void accept(Event event) {
    switch (event.getEventId()) {
      case Scalar -> add(scalar((ScalarEvent) event), (NodeEvent) event);
      case Alias -> alias((AliasEvent) event);
      case SequenceStart, MappingStart -> open((CollectionStartEvent) event);
      case SequenceEnd, MappingEnd -> close();
      case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
    }
  }

  private YamlFrame.Finished scalar(ScalarEvent event) {
    var at = position(event.getStartMark());
    var text = event.getValue();
    return YamlFrame.Finished.one(new Yaml.Scalar(kind(event, at), text, text, at));
  }

  private Yaml.Kind kind(ScalarEvent event, Position at) {
    var tag =
        event
            .getTag()
            .map(name -> name.equals("!") ? Tag.STR.getValue() : name)
            .orElseGet(() -> RESOLVER.resolve(event.getValue(), event.isPlain()).getValue());
    var kind = KINDS.get(tag);
    if (kind == null) {
      problems.add(at, frame.childPath(), "the tag " + tag + " is not known here");
      return Yaml.Kind.TEXT;
    }
    return kind;
  }

  private void alias(AliasEvent event) {
    var name = event.getAlias().getValue();
    var finished = anchors.get(name);
    if (finished == null) {
      var reason = frame.isInside(name) ? "holds itself" : "has no anchor &" + name + " before it";
      throw unreadable(event, "the alias *" + name + " " + reason);
    }
    add(finished, event);
  }

  private void open(CollectionStartEvent event) {
    checkIsFirst(event);
    checkDepth(frame.depth() + 1, event);
    var anchor = event.getAnchor().map(a -> a.getValue());
    var at = position(event.getStartMark());
    checkTag(event, at);
    frame = frame.open(event instanceof SequenceStartEvent, anchor, at);
  }

  private void checkTag(CollectionStartEvent event, Position at) {
    var usual = event instanceof MappingStartEvent ? Tag.MAP : Tag.SEQ;
    event
        .getTag()
        .filter(tag -> !tag.equals("!") && !tag.equals(usual.getValue()))
        .ifPresent(
            tag -> problems.add(at, frame.childPath(), "the tag " + tag + " is not known here"));
  }

  private void close() {
    var finished = frame.finish(problems);
    var anchor = frame.anchor();
    frame = frame.parent();
    anchor.ifPresent(name -> anchors.put(name, finished));
    frame.add(finished, problems);
  }

  private void add(YamlFrame.Finished value, NodeEvent event) {
    checkIsFirst(event);
    checkDepth(frame.depth() + value.height(), event);
    if (event instanceof ScalarEvent) {
      event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), value));
    }
    frame.add(value, problems);
    if (frame.size() > MAX_VALUES) {
      throw unreadable(event, "more than " + MAX_VALUES + " values, aliases counted each time");
    }
  }

  private void checkIsFirst(Event event) {
    if (frame.isRoot() && frame.document().isPresent()) {
      throw unreadable(event, "a second document begins here, a configuration is only one");
    }
  }

  /// Says no path, for it would be as long as the nesting is deep.
  private static void checkDepth(int depth, Event event) {
    if (depth > MAX_DEPTH) {
      var message = "nested deeper than " + MAX_DEPTH + " levels";
      throw new Unreadable(position(event.getStartMark()), "", message);
    }
  }

  private Unreadable unreadable(Event event, String message) {
    return new Unreadable(position(event.getStartMark()), frame.childPath(), message);
  }

  private static String said(MarkedYamlEngineException e) {
    var context = e.getContext();
    var problem = e.getProblem().strip();
    return context == null || context.isEmpty() ? problem : context + ", " + problem;
  }

  private static Position position(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(Position.START);
  }

  private static Position positionOf(String text, int codePoint) {
    var before = text.codePoints().limit(codePoint).toArray();
    var lines = Arrays.stream(before).filter(c -> c == '\n').count();
    var column = 1;
    for (var i = before.length - 1; i >= 0 && before[i] != '\n'; i--) {
      column++;
    }
    return new Position((int) lines + 1, column);
  }

  /// Reading cannot go on from here.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position at;
    private final String path;
    private final String reason;

    Unreadable(Position at, String path, String message) {
      super(message, null, false, false);
      this.at = at;
      this.path = path;
      this.reason = message;
    }
  }
}
