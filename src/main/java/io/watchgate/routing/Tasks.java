package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Rejection.MissingCapability;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Extension;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import io.watchgate.routing.Merged.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes what clients want of their tasks to the servers that run them: those of 2025-11-25 and
/// those of the extension to 2026-07-28.
record Tasks(List<Member> members, TaskIds ids, Cursors cursors, Refusals refusals) {
  private static final Set<String> OF_HANDSHAKE =
      Set.of(Method.TASKS_GET, Method.TASKS_RESULT, Method.TASKS_LIST, Method.TASKS_CANCEL);
  private static final Set<String> OF_EXTENSION =
      Set.of(Method.TASKS_GET, Method.TASKS_UPDATE, Method.TASKS_CANCEL);

  /// Whether a method is about tasks.
  static boolean isAbout(String method) {
    return OF_HANDSHAKE.contains(method) || OF_EXTENSION.contains(method);
  }

  Reply handle(Call call) throws InterruptedException {
    if (members.size() == 1 && !ids.areSealed(members.getFirst().server())) {
      return members.getFirst().forward(call);
    }
    if (!isKnown(call) || members.stream().noneMatch(Member::hasTasks)) {
      throw new Rejection(new MethodNotFound(call.method()));
    }
    requireDeclared(call);
    if (call.method().equals(Method.TASKS_LIST)) {
      return list(call);
    }
    var exposed = Params.text(call, Field.TASK_ID);
    var target =
        ids.open(exposed, principal(call))
            .flatMap(this::target)
            .orElseThrow(() -> unknown(exposed));
    return outward(call, target.member(), target.send(call, Field.TASK_ID, exposed));
  }

  private Rejection unknown(String id) {
    refusals.add(Kind.TASK_ID, "its sender has no such task");
    return new Rejection(new InvalidParams("unknown task: " + id));
  }

  private static boolean isKnown(Call call) {
    boolean stateless = call.client().session().version().isStateless();
    return (stateless ? OF_EXTENSION : OF_HANDSHAKE).contains(call.method());
  }

  /// The extension is for clients that declare it with every request.
  private void requireDeclared(Call call) {
    var session = call.client().session();
    var extensions = session.capabilities().member("extensions");
    if (session.version().isStateless()
        && extensions.flatMap(declared -> declared.member(Extension.TASKS)).isEmpty()) {
      var required = Json.object("extensions", Json.object(Extension.TASKS, Json.EMPTY_OBJECT));
      throw new Rejection(new MissingCapability(members.getFirst().name(), required));
    }
  }

  private Optional<Target> target(TaskIds.Task task) {
    return members.stream()
        .filter(member -> member.name().equals(task.server()))
        .findFirst()
        .map(member -> new Target(member, task.id()));
  }

  private static String principal(Call call) {
    return call.client().session().principal();
  }

  /// The reply of a member to a call that may be about tasks, with the ids that the client knows.
  Reply outward(Call call, Member member, Reply reply) {
    return member.hasTasks() && reply instanceof Reply.Answered(var response)
        ? new Reply.Answered(ids.outward(member.server(), call.method(), response, principal(call)))
        : reply;
  }

  /// Where the list of all tasks goes on: at a member, behind what it gave so far.
  private record Place(int member, Optional<String> cursor) {}

  /// The tasks of one member after the other, until one has more pages. What serves everybody over
  /// one session would list the tasks of all, and is left out.
  private Reply list(Call call) throws InterruptedException {
    var listing = members.stream().filter(Member::listsTasks).toList();
    if (listing.isEmpty()) {
      throw new Rejection(new MethodNotFound(call.method()));
    }
    var place = start(call, listing);
    int at = place.member;
    var cursor = place.cursor;
    var next = Optional.<String>empty();
    var tasks = new ArrayList<Json>();
    var unavailable = new ArrayList<Object>();
    while (at < listing.size() && next.isEmpty()) {
      var member = listing.get(at);
      var answer = ask(call, member, cursor);
      var result = answer.result();
      if (result.isEmpty()) {
        unavailable.addAll(List.of(member.name(), answer.errorMessage()));
      }
      result.flatMap(r -> r.member("tasks")).ifPresent(some -> tasks.addAll(some.elements()));
      next =
          result.flatMap(r -> r.textMember("nextCursor")).map(more -> sealed(member, more, call));
      cursor = Optional.empty();
      at++;
    }
    return Reply.answer(call, result(tasks, next, unavailable));
  }

  /// A member that is not there or refuses does not keep the others' tasks from the client.
  private Response ask(Call call, Member member, Optional<String> cursor)
      throws InterruptedException {
    var id = call.request().id();
    var given = call.request().field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
    var own = given.without(Set.of(Field.CURSOR.path()));
    var params = cursor.map(at -> own.plus(Field.CURSOR.path(), Json.string(at))).orElse(own);
    try {
      var asked = call.with(Request.of(id, call.method(), params));
      return outward(call, member, member.forward(asked)).response();
    } catch (Rejection rejection) {
      return Response.failure(id, 0, rejection.reason().toString(), Json.EMPTY_OBJECT);
    }
  }

  private static Json result(
      List<Json> tasks, Optional<String> nextCursor, List<Object> unavailable) {
    var members = new ArrayList<Object>(List.of("tasks", Json.array(tasks)));
    nextCursor.ifPresent(cursor -> members.addAll(List.of("nextCursor", cursor)));
    if (!unavailable.isEmpty()) {
      var servers = Json.object(unavailable.toArray());
      members.addAll(List.of("_meta", Json.object(MetaKey.UNAVAILABLE, servers)));
    }
    return Json.object(members.toArray());
  }

  private String sealed(Member member, String cursor, Call call) {
    var content = member.name() + '\0' + cursor;
    return cursors.seal(
        Method.TASKS_LIST, call.client().session(), content.getBytes(StandardCharsets.UTF_8));
  }

  private Place start(Call call, List<Member> listing) {
    var cursor = call.request().field(Field.CURSOR).filter(given -> !given.isNull());
    if (cursor.isEmpty()) {
      return new Place(0, Optional.empty());
    }
    var place = cursors.open(cursor.get(), Method.TASKS_LIST, call.client().session());
    var content = new String(place, StandardCharsets.UTF_8);
    int end = content.indexOf('\0');
    for (int i = 0; i < listing.size(); i++) {
      if (listing.get(i).name().equals(content.substring(0, end))) {
        return new Place(i, Optional.of(content.substring(end + 1)));
      }
    }
    throw Cursors.invalid("its server has no list of tasks any more, start again without one");
  }
}
