package io.watchgate.schema;

import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import io.watchgate.jsonrpc.Json;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Checks values against one schema of a server. A schema that cannot be used checks nothing, and
/// says why.
public final class SchemaCheck {
  /// Steps of one check: a thousand times what the largest schemas of the field take.
  private static final long MAX_STEPS = 200_000;

  private static final int MAX_DEPTH = 400;
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final SchemaRegistryConfig SETTINGS =
      SchemaRegistryConfig.builder()
          .failFast(true)
          .formatAssertionsEnabled(false)
          .locale(Locale.ENGLISH)
          .pathType(PathType.JSON_POINTER)
          .regularExpressionFactory(pattern -> {
            var compiled = Pattern.compile(pattern);
            return text -> compiled.matcher(text).find();
          })
          .build();

  private final Optional<Schema> schema;
  private final String unusable;

  private SchemaCheck(Optional<Schema> schema, String unusable) {
    this.schema = schema;
    this.unusable = unusable;
  }

  /// What is wrong with a value.
  ///
  /// @param pointer where, as a JSON pointer
  /// @param expected what should be there
  public record Mismatch(String pointer, String expected) {
    @Override
    public String toString() {
      return (pointer.isEmpty() ? "" : pointer + ": ") + expected;
    }
  }

  public static SchemaCheck of(Json schema) {
    if (!schema.isObject()) {
      return new SchemaCheck(Optional.empty(), "is no object");
    }
    var excess = SchemaBudget.excess(schema);
    if (excess.isPresent()) {
      return new SchemaCheck(Optional.empty(), excess.get());
    }
    try {
      var node = MAPPER.readTree(schema.toBytes());
      var compiled = registry().getSchema(node);
      compiled.initializeValidators();
      return new SchemaCheck(Optional.of(compiled), "");
    } catch (RuntimeException failure) { // supervised edge: a library reads a stranger's schema
      return new SchemaCheck(Optional.empty(), "is no schema that can be used: " + brief(failure));
    }
  }

  /// One for each schema, so that no schema is found by the `$id` of another's.
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder
                .schemaRegistryConfig(SETTINGS)
                .schemaLoader(loader -> loader.block(iri -> !isOfTheLibrary(iri.toString()))));
  }

  private static boolean isOfTheLibrary(String iri) {
    return iri.startsWith("https://json-schema.org/draft/")
        || iri.startsWith("http://json-schema.org/draft-")
        || iri.startsWith("classpath:");
  }

  private static String brief(RuntimeException failure) {
    var message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return message.length() <= 120 ? message : message.substring(0, 120) + "…";
  }

  /// Why the schema checks nothing, empty when it does.
  public Optional<String> unusable() {
    return unusable.isEmpty() ? Optional.empty() : Optional.of(unusable);
  }

  /// The first thing that is wrong with a value, empty when there is none.
  public Optional<Mismatch> mismatch(Json value) {
    if (schema.isEmpty()) {
      return Optional.empty();
    }
    try {
      var node = MAPPER.readTree(value.toBytes());
      return schema.get().validate(node, SchemaCheck::bound).stream()
          .findFirst()
          .map(SchemaCheck::mismatch);
    } catch (ValidationLimitExceededException _) {
      return Optional.of(new Mismatch("", "takes too many steps to check against the schema"));
    } catch (JacksonException | ArithmeticException | NumberFormatException _) {
      return Optional.of(new Mismatch("", "holds a number or text that no schema can be about"));
    }
  }

  private static void bound(ExecutionContext context) {
    context.executionConfig(config ->
        config.maxEvaluationSteps(MAX_STEPS).maxEvaluationDepth(MAX_DEPTH).failFast(true));
  }

  private static Mismatch mismatch(Error error) {
    var pointer = error.getInstanceLocation().toString();
    var property = error.getProperty();
    var place =
        property == null ? pointer : pointer + "/" + property.replace("~", "~0").replace("/", "~1");
    return new Mismatch(place, error.getMessage());
  }
}
