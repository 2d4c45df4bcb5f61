package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what is wanted of agents out of the bodies of requests.
final class Orders {
  /// Executions that are asked for together.
  private static final int MOST = 50;

  private static final int MAX_DEPTH = 16;
  private static final Set<String> OF_ONE =
      Set.of("agent_type", "repository_name", "user_query", "cache");
  private static final Set<String> OF_SEVERAL = Set.of("executions", "join", "quorum");

  private Orders() {}

  /// What is wanted of several agents.
  ///
  /// @param join as it was written
  /// @param needed executions that have to complete, before the others are needed no more
  record Several(List<Order> orders, String join, int needed) {}

  static Order one(byte[] body, String principal) throws Refusal {
    return one(parsed(body), principal, "");
  }

  static Several several(byte[] body, String principal) throws Refusal {
    var json = parsed(body);
    checkKeys(json, OF_SEVERAL, "");
    var wanted = json.member("executions").filter(Json::isArray).map(Json::elements);
    if (wanted.isEmpty() || wanted.get().isEmpty() || wanted.get().size() > MOST) {
      throw invalid("executions must be a list of 1 to " + MOST);
    }
    var orders = new ArrayList<Order>();
    for (var each : wanted.get()) {
      orders.add(one(each, principal, "executions[" + orders.size() + "]."));
    }
    var join = json.member("join").isEmpty() ? "all" : text(json, "join", "");
    return new Several(orders, join, needed(json, join, orders.size()));
  }

  private static int needed(Json json, String join, int all) throws Refusal {
    return switch (join) {
      case "all" -> all;
      case "first" -> 1;
      case "quorum" -> quorum(json, all);
      default -> throw invalid("join must be all, first or quorum");
    };
  }

  private static int quorum(Json json, int all) throws Refusal {
    var written = json.member("quorum").map(Json::toString).orElse("");
    for (int i = 1; i <= all; i++) {
      if (written.equals(Integer.toString(i))) {
        return i;
      }
    }
    throw invalid("quorum must be a number from 1 to " + all + ", of the executions");
  }

  private static Json parsed(byte[] body) throws Refusal {
    try {
      var limits = new Limits(body.length + 1, MAX_DEPTH, Limits.DEFAULT.maxTokens());
      var json = Json.parse(body, limits);
      if (json.isObject()) {
        return json;
      }
      throw invalid("the body must be a JSON object");
    } catch (MalformedMessage malformed) {
      throw invalid("the body is not JSON: " + malformed.getMessage());
    }
  }

  private static Order one(Json json, String principal, String path) throws Refusal {
    if (!json.isObject()) {
      throw invalid(path + " must be a JSON object");
    }
    checkKeys(json, OF_ONE, path);
    var repository =
        json.member("repository_name").isEmpty() ? "" : text(json, "repository_name", path);
    var cache = json.member("cache");
    if (cache.isPresent() && !Set.of("true", "false").contains(cache.get().toString())) {
      throw invalid(path + "cache must be true or false");
    }
    return new Order(
        text(json, "agent_type", path),
        repository,
        text(json, "user_query", path),
        principal,
        cache.filter(Json::isTrue).isPresent());
  }

  private static void checkKeys(Json json, Set<String> known, String path) throws Refusal {
    for (var member : json.members()) {
      if (!known.contains(member.key())) {
        throw invalid("there is no field " + path + Names.shown(member.key()));
      }
    }
  }

  private static String text(Json json, String key, String path) throws Refusal {
    var value = json.member(key);
    if (value.isEmpty()) {
      throw invalid("the field " + path + key + " is missing");
    }
    if (!value.get().isString()) {
      throw invalid("the field " + path + key + " must be a text");
    }
    return value.get().text();
  }

  private static Refusal invalid(String why) {
    return new Refusal(Refusal.Kind.INVALID, why);
  }
}
