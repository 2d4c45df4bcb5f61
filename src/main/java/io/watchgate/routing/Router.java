package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Rejection.HeaderMismatch;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Rejection.Reason;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Rejection.UnknownResource;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import io.watchgate.routing.Switchboard.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Takes each call to the server it is for, under the server's own names, and answers what concerns
/// all servers. One router stands behind one endpoint.
public final class Router implements Handler {
  /// How long a handshake may wait for servers that are just starting. Short, because a client's
  /// start waits for it; not zero, because a client asks only once what the gateway is capable of.
  private static final Duration HANDSHAKE_PATIENCE = Duration.ofSeconds(2);

  private static final int MAX_INSTRUCTIONS = 16_384;

  private final List<Member> members;
  private final Catalog catalog;
  private final Lists lists;
  private final Names names;
  private final Tasks tasks;
  private final Endpoint endpoint;
  private final Refusals refusals;

  /// What all routers of a configuration have in common.
  record Terms(String separator, Seal seal, Refusals refusals) {}

  Router(Endpoint endpoint, List<Place> places, Function<Place, Offers> offers, Terms terms) {
    var seal = terms.seal();
    this.endpoint = endpoint;
    this.refusals = terms.refusals();
    var taskIds = new TaskIds(seal, places.size() == 1);
    var cursors = new Cursors(seal, refusals);
    this.members =
        places.stream().map(place -> member(place, offers.apply(place), taskIds)).toList();
    this.catalog = new Catalog(members, terms.separator());
    this.names = new Names(catalog, members.size() == 1);
    this.lists = new Lists(catalog, cursors);
    this.tasks = new Tasks(members, taskIds, cursors, refusals);
  }

  private Member member(Place place, Offers offers, TaskIds taskIds) {
    return new Member(
        place,
        place.policy().around(offers.reads().around(place.handler())),
        offers,
        new Naming(place.server(), place.policy(), this::outward, taskIds, offers.reads()),
        endpoint);
  }

  private Notification outward(String server, Notification notification) {
    return names.outward(server, notification);
  }

  @Override
  public Reply handle(Call call) throws InterruptedException {
    if (call.message() instanceof Notification) {
      return notice(call);
    }
    var kind = ListKind.ofMethod(call.method());
    if (kind.isPresent()) {
      return list(call, kind.get());
    }
    if (Tasks.isAbout(call.method())) {
      return tasks.handle(call);
    }
    return switch (call.method()) {
      case Method.DISCOVER -> discover(call);
      case Method.TOOLS_CALL -> callTool(call);
      case Method.PROMPTS_GET -> named(call, ListKind.PROMPTS, Field.NAME);
      case Method.RESOURCES_READ -> read(call);
      case Method.RESOURCES_SUBSCRIBE, Method.RESOURCES_UNSUBSCRIBE -> subscribe(call);
      case Method.COMPLETE -> complete(call);
      case Method.SET_LEVEL -> setLevel(call);
      default -> unknown(call);
    };
  }

  /// What a client's notification says, it says to all servers.
  private Reply notice(Call call) throws InterruptedException {
    if (call.message().field(Field.META_SUBSCRIPTION_ID).isPresent()) {
      refusals.add(Kind.SUBSCRIPTION_ID, call.method() + " of a client is of no listen");
      return new Reply.Accepted();
    }
    var _ = FanOut.all(members, member -> tell(call, member));
    return new Reply.Accepted();
  }

  /// A server that is not there must not keep the others from hearing it.
  private Reply tell(Call call, Member member) throws InterruptedException {
    try {
      return member.pass(call);
    } catch (Rejection _) {
      return new Reply.Accepted();
    }
  }

  private Reply list(Call call, ListKind kind) throws InterruptedException {
    var session = call.client().session();
    var cursor = call.request().field(Field.CURSOR).filter(given -> !given.isNull());
    prepare(session);
    return Reply.answer(call, lists.answer(kind, cursor, session));
  }

  private Reply callTool(Call call) throws InterruptedException {
    var exposed = Params.text(call, Field.NAME);
    var session = call.client().session();
    var target = catalog.owner(ListKind.TOOLS, exposed, session);
    var headers = call.client().parameterHeaders();
    if (headers.isPresent()) {
      var arguments = call.request().field(Field.ARGUMENTS).orElse(Json.EMPTY_OBJECT);
      target
          .mirrored(session)
          .mismatch(arguments, headers.get())
          .ifPresent(what -> {
            throw new Rejection(new HeaderMismatch(what));
          });
    }
    if (target.isListed(session)) {
      call.trail().callsListed(target.original());
    }
    call.trail().idempotentIf(() -> target.isIdempotent(session));
    return tasks.outward(call, target.member(), target.send(call, Field.NAME, exposed));
  }

  private Reply named(Call call, ListKind kind, Field field) throws InterruptedException {
    var exposed = Params.text(call, field);
    return catalog.owner(kind, exposed, call.client().session()).send(call, field, exposed);
  }

  private Reply read(Call call) throws InterruptedException {
    var uri = Params.text(call, Field.URI);
    var owner = catalog.resourceOwner(uri, call.client().session());
    if (owner.isEmpty()) {
      return askInTurn(call, uri);
    }
    var response = owner.get().send(call, Field.URI, uri).response();
    return new Reply.Answered(Names.contentsOutward(owner.get(), uri, response));
  }

  /// A server may have resources that it does not list: whoever knows the URI answers. Servers say
  /// in many ways that they do not know one, so any error lets the next server try.
  private Reply askInTurn(Call call, String uri) throws InterruptedException {
    Optional<Reply> refused = Optional.empty();
    Optional<Rejection> rejected = Optional.empty();
    for (var member : resourceMembers()) {
      try {
        var reply = member.pass(call);
        if (reply.response().error().isEmpty()) {
          call.trail().sentTo(member.name());
          return reply;
        }
        refused = refused.or(() -> Optional.of(reply).filter(r -> !isNotFound(r.response())));
      } catch (Rejection rejection) {
        if (!isNotThere(rejection.reason())
            && !(rejection.reason() instanceof InvalidParams)) { // a state of another server's
          throw rejection;
        }
        rejected = Optional.of(rejection);
      }
    }
    if (refused.isPresent()) {
      return refused.get();
    }
    throw rejected.orElseGet(() -> new Rejection(new UnknownResource(uri)));
  }

  private static boolean isNotThere(Reason reason) {
    return reason instanceof Unavailable || reason instanceof CircuitOpen;
  }

  private static boolean isNotFound(Response response) {
    int code = response.errorCode();
    return code == ErrorCode.RESOURCE_NOT_FOUND
        || code == ErrorCode.INVALID_PARAMS
        || code == ErrorCode.METHOD_NOT_FOUND;
  }

  private Reply subscribe(Call call) throws InterruptedException {
    var uri = Params.text(call, Field.URI);
    var owner = catalog.resourceOwner(uri, call.client().session());
    return owner.isPresent() ? owner.get().send(call, Field.URI, uri) : askInTurn(call, uri);
  }

  private List<Member> resourceMembers() {
    return members.stream().filter(member -> member.mayHaveCapability("resources")).toList();
  }

  private Reply complete(Call call) throws InterruptedException {
    if (call.request().field(Field.REF_NAME).isPresent()) {
      return named(call, ListKind.PROMPTS, Field.REF_NAME);
    }
    var uri = Params.text(call, Field.REF_URI);
    var session = call.client().session();
    var template = catalog.lookUp(ListKind.TEMPLATES, session).owners().get(uri);
    var owner = template == null ? catalog.resourceOwner(uri, session) : Optional.of(template);
    return owner
        .orElseThrow(() -> new Rejection(new UnknownResource(uri)))
        .send(call, Field.REF_URI, uri);
  }

  private Reply setLevel(Call call) throws InterruptedException {
    var logging = members.stream().filter(member -> member.hasCapability("logging")).toList();
    if (logging.isEmpty()) {
      if (!endpoint.hasPromisedAll()
          && members.stream().noneMatch(member -> member.mayHaveCapability("logging"))) {
        throw new Rejection(new MethodNotFound(call.method()));
      }
      return Reply.answer(call, Json.EMPTY_OBJECT); // who is reached later is told by its session
    }
    if (logging.size() == 1) {
      return logging.getFirst().forward(call);
    }
    var _ = FanOut.all(logging, member -> tell(call, member));
    return Reply.answer(call, Json.EMPTY_OBJECT);
  }

  /// A method that the gateway does not know is for the server that is alone, or the only one that
  /// declares the family: `skills/list` goes to who has the extension `…/skills`.
  private Reply unknown(Call call) throws InterruptedException {
    if (members.size() == 1) {
      return members.getFirst().forward(call);
    }
    int end = call.method().indexOf('/');
    var family = call.method().substring(0, Math.max(0, end));
    var declaring = members.stream().filter(member -> member.declares(family)).toList();
    if (declaring.size() != 1) {
      throw new Rejection(new MethodNotFound(call.method()));
    }
    return declaring.getFirst().forward(call);
  }

  /// What all servers offer together, in the shape of `server/discover`.
  private Reply discover(Call call) throws InterruptedException {
    var session = call.client().session();
    endpoint.audiences().add(session);
    prepare(session);
    for (var member : members) {
      member.server().awaitFirstContact(HANDSHAKE_PATIENCE);
    }
    var capabilities = Capabilities.fitting(offered(), session.version());
    var instructions = instructions();
    return Reply.answer(
        call,
        instructions.isEmpty()
            ? Json.object("capabilities", capabilities)
            : Json.object("capabilities", capabilities, "instructions", instructions));
  }

  /// All that the members are capable of, or are taken to be as long as they were never reached: a
  /// client asks only once, and would never look for what it was not told of.
  private Json offered() throws InterruptedException {
    var all = new ArrayList<Json>();
    for (var member : members) {
      var presumed = presumed(member.server()); // first: it may be reached in between
      all.add(member.capabilities().orElse(presumed));
    }
    return Capabilities.union(all);
  }

  private Json presumed(Server server) throws InterruptedException {
    if (server.awaitFirstContact(Duration.ZERO)) {
      return Capabilities.OF_NEARLY_ALL;
    }
    endpoint.promiseAll();
    return Capabilities.ALL;
  }

  private String instructions() {
    var text = new StringBuilder();
    for (var member : members) {
      member
          .server()
          .status()
          .offer()
          .flatMap(Offer::instructions)
          .flatMap(member.place().policy()::instructions)
          .ifPresent(words ->
              text.append(members.size() == 1 ? "" : "# " + member.name() + "\n\n")
                  .append(words)
                  .append(members.size() == 1 ? "" : "\n\n"));
    }
    return members.size() == 1 || text.length() <= MAX_INSTRUCTIONS
        ? text.toString().strip()
        : text.substring(0, MAX_INSTRUCTIONS);
  }

  void prepare(Session session) {
    members.forEach(member -> member.server().prepare(member.seen(session)));
  }

  /// Tells every client of this router what a member said to all. Nobody knows whose task it is
  /// that a server speaks of to all: only clients of one principal hear of it.
  void broadcast(Member member, Notification notification) {
    member
        .place()
        .policy()
        .tell(GatewayClient.INSTANCE, notification, passed -> tellAll(member, passed));
  }

  private void tellAll(Member member, Notification notification) {
    var audiences = endpoint.audiences();
    if (!TaskIds.isOfATask(notification)) {
      audiences.tell(outward(member.name(), notification));
      return;
    }
    audiences
        .principal()
        .ifPresent(only -> audiences.tell(member.naming().outward(notification, only)));
  }

  /// Takes the place of the router before at the endpoint.
  void serve() {
    endpoint.serve(members);
  }

  /// Tells the clients of the endpoint what is another now than by the router before; asks servers,
  /// and waits for those that just start.
  public void tellChanges(Router before) {
    new Succession(before, this).tell();
  }

  List<Member> members() {
    return members;
  }

  List<Place> places() {
    return members.stream().map(Member::place).toList();
  }

  Catalog catalog() {
    return catalog;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// The names that are not exposed because another server has them, as `server: name`.
  public List<String> hidden(Session session) throws InterruptedException {
    var hidden = new ArrayList<String>();
    for (var kind : List.of(ListKind.TOOLS, ListKind.PROMPTS)) {
      for (var target : catalog.lookUp(kind, session).hidden()) {
        hidden.add(target.member().name() + ": " + target.original());
      }
    }
    return hidden;
  }

  /// Which server each tool is of that a client was shown. Asks nobody.
  public Map<String, String> owners(Session session) {
    var owners = new HashMap<String, String>();
    catalog
        .seen(ListKind.TOOLS, session)
        .ifPresent(seen ->
            seen.owners().forEach((tool, target) -> owners.put(tool, target.member().name())));
    return owners;
  }

  /// Who has an exposed tool, and the tool's own name.
  public Origin origin(String exposedTool, Session session) throws InterruptedException {
    var target = catalog.owner(ListKind.TOOLS, exposedTool, session);
    return new Origin(target.member().name(), target.original());
  }

  /// Where an exposed name comes from.
  public record Origin(String server, String name) {}
}
