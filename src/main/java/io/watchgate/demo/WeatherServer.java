package io.watchgate.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server that makes up weather and speaks streamable HTTP on loopback, in this process. It
/// answers each request on a virtual thread of its own.
public final class WeatherServer implements AutoCloseable {
  private static final ObjectNode FORECAST =
      Json.literal(
          """
          {"type": "object",
           "properties": {
             "city": {"type": "string"},
             "days": {"type": "array", "items": {
               "type": "object",
               "properties": {"day": {"type": "integer"}, "sky": {"type": "string"},
                              "low_celsius": {"type": "integer"},
                              "high_celsius": {"type": "integer"}}}}},
           "required": ["city", "days"]}\
          """);

  private final HttpTransport transport;

  private WeatherServer(HttpTransport transport) {
    this.transport = transport;
  }

  /// Starts on a free port of 127.0.0.1.
  ///
  /// @throws UncheckedIOException when no port can be opened
  public static WeatherServer start() {
    return start(Duration.ofMillis(300));
  }

  /// @param step how long each step of a travel plan takes
  static WeatherServer start(Duration step) {
    try {
      return new WeatherServer(new HttpTransport(declared(step)));
    } catch (IOException e) {
      throw new UncheckedIOException("the weather server cannot open a port of 127.0.0.1", e);
    }
  }

  /// Where clients send their requests: `http://127.0.0.1:<port>/mcp`.
  public URI uri() {
    return transport.uri();
  }

  /// Stops at once; calls in flight are cancelled and their connections closed.
  @Override
  public void close() {
    transport.close();
  }

  private static DemoServer declared(Duration step) {
    return new DemoServer(
        "weather",
        "Forecasts for a few cities. The numbers are made up.",
        List.of(forecast(), travelPlan(step), failOnPurpose()),
        new Resources(() -> List.of(cities()), List.of(), false),
        List.of(
            new Prompt("packing_list", "Asks what to pack", "city", WeatherServer::packingList)));
  }

  private static Resource cities() {
    ObjectNode cities = Json.object();
    Forecasts.cities().forEach(cities.putArray("cities")::add);
    return new Resource(
        "weather://cities", "Cities with a forecast", "application/json", Json.write(cities));
  }

  private static String packingList(String city) {
    String where = city.isEmpty() ? "my next trip" : "three days in " + city;
    return "Use the forecast tool, then tell me in five lines what to pack for " + where + ".";
  }

  private static Tool forecast() {
    ObjectNode input =
        Json.literal(
            """
            {"type": "object",
             "properties": {
               "city": {"type": "string", "description": "one of weather://cities"},
               "days": {"type": "integer", "minimum": 1, "maximum": 14, "default": 3}},
             "required": ["city"]}\
            """);
    return new Tool(
        "forecast", "The weather of the next days", input, FORECAST, WeatherServer::forecast);
  }

  private static ObjectNode forecast(ToolCall call) {
    String city = Forecasts.city(call.text("city"));
    ObjectNode result = Json.object().put("city", city);
    result.set("days", Forecasts.days(city, call.number("days", 3, 1, Forecasts.MAX_DAYS)));
    return result;
  }

  private static Tool travelPlan(Duration step) {
    ObjectNode input =
        Json.literal(
            """
            {"type": "object",
             "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
             "required": ["from", "to"]}\
            """);
    ObjectNode output =
        Json.literal(
            """
            {"type": "object",
             "properties": {"from": {"type": "string"}, "to": {"type": "string"},
                            "leave_on_day": {"type": "integer"},
                            "there": {"type": "array", "items": {"type": "object"}}},
             "required": ["from", "to", "leave_on_day", "there"]}\
            """);
    String description = "Plans a trip; takes a while and reports its progress";
    return new Tool("travel_plan", description, input, output, call -> plan(call, step));
  }

  private static ObjectNode plan(ToolCall call, Duration step) throws InterruptedException {
    String from = Forecasts.city(call.text("from"));
    String to = Forecasts.city(call.text("to"));
    List<String> steps =
        List.of(
            "weather in " + from,
            "weather in " + to,
            "connections from " + from + " to " + to,
            "the best day to leave");
    for (int done = 1; done <= steps.size(); done++) {
      call.pause(step);
      call.progress(done, steps.size(), "Looked at " + steps.get(done - 1));
    }
    int day = 1 + Math.floorMod((from + to).hashCode(), 7);
    ObjectNode result = Json.object().put("from", from).put("to", to).put("leave_on_day", day);
    result.set("there", Forecasts.days(to, 3));
    return result;
  }

  private static Tool failOnPurpose() {
    ObjectNode nothing = Json.literal("{\"type\": \"object\", \"properties\": {}}");
    Tool.Body body =
        call -> {
          throw new ToolFailure("This tool fails on purpose, to show how a failed call looks.");
        };
    return new Tool("fail_on_purpose", "Always fails", nothing, nothing, body);
  }
}
