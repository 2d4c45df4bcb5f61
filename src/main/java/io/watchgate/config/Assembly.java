package io.watchgate.config;

import io.watchgate.admin.AdminSettings;
import io.watchgate.agents.AgentsSettings;
import io.watchgate.config.RootKeys.LogFormat;
import io.watchgate.config.RootKeys.LogHandler;
import io.watchgate.config.UpstreamKeys.Channel;
import io.watchgate.downstream.HttpSettings;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.upstream.UpstreamSettings;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Restart;
import io.watchgate.upstream.UpstreamSettings.Retry;
import io.watchgate.upstream.UpstreamSettings.Target;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the settings out of values that were checked.
final class Assembly {
  private static final String ONLY_NAME = "default";

  private final Values root;
  private final Values proxy;
  private final Values timeouts;
  private final List<Values> upstreams;
  private final List<PluginSettings> plugins;

  private Assembly(Values root, List<Values> upstreams, List<PluginSettings> plugins) {
    this.root = root;
    this.plugins = plugins;
    this.proxy = root.section(RootKeys.PROXY);
    this.timeouts = proxy.section(ProxyKeys.TIMEOUTS);
    this.upstreams = upstreams;
  }

  static GatewayConfig of(Values root, List<Values> upstreams, List<PluginSettings> plugins) {
    return new Assembly(root, upstreams, plugins).config();
  }

  static String name(Values upstream) {
    return upstream.find(UpstreamKeys.NAME).orElse(ONLY_NAME);
  }

  private GatewayConfig config() {
    return new GatewayConfig(
        proxy.get(ProxyKeys.TRANSPORT),
        http(proxy.section(ProxyKeys.HTTP)),
        proxy.get(ProxyKeys.SEPARATOR),
        maxRequestTimeout(),
        concurrency(proxy.section(ProxyKeys.LIMITS)),
        proxy.section(ProxyKeys.LIMITS).get(ProxyKeys.ADAPTIVE),
        limits(proxy.section(ProxyKeys.LIMITS)),
        upstreams.stream().map(this::upstream).toList(),
        plugins,
        admin(root.section(RootKeys.ADMIN)),
        logging(root.section(RootKeys.LOGGING)),
        TelemetryKeys.settings(root.section(RootKeys.TELEMETRY)),
        agents(),
        inactive());
  }

  private Optional<AgentsSettings> agents() {
    var tokens = proxy.section(ProxyKeys.HTTP).get(ProxyKeys.BEARER_TOKENS);
    var agents = root.find(RootKeys.AGENTS);
    return agents.isPresent() // a lambda would load classes of agents also where there are none
        ? Optional.of(AgentAssembly.settings(agents.get(), tokens))
        : Optional.empty();
  }

  private static HttpSettings http(Values http) {
    return new HttpSettings(
        http.get(ProxyKeys.HOST),
        http.get(ProxyKeys.PORT),
        http.get(ProxyKeys.PATH),
        http.get(ProxyKeys.ALLOWED_ORIGINS),
        http.get(ProxyKeys.ALLOWED_HOSTS),
        http.get(ProxyKeys.BEARER_TOKENS));
  }

  /// Never shorter than a time that somebody allowed for one answer.
  private Duration maxRequestTimeout() {
    var longest = timeouts.get(ProxyKeys.MAX_REQUEST_TIMEOUT);
    for (var upstream : upstreams) {
      var written = requestTimeout(upstream);
      longest = written.compareTo(longest) > 0 ? written : longest;
    }
    return longest;
  }

  private Duration requestTimeout(Values upstream) {
    return upstream
        .find(UpstreamKeys.REQUEST_TIMEOUT)
        .orElseGet(() -> shorter(timeouts.get(ProxyKeys.REQUEST_TIMEOUT)));
  }

  /// A default never contradicts a `max_request_timeout` that was written.
  private Duration shorter(Duration usual) {
    var most = timeouts.find(ProxyKeys.MAX_REQUEST_TIMEOUT).orElse(usual);
    return most.compareTo(usual) < 0 ? most : usual;
  }

  private static ConcurrencySettings concurrency(Values limits) {
    return new ConcurrencySettings(
        limits.get(ProxyKeys.MAX_CONCURRENT_REQUESTS),
        limits.get(ProxyKeys.QUEUE_LENGTH),
        limits.get(ProxyKeys.QUEUE_TIMEOUT));
  }

  private static Limits limits(Values limits) {
    return new Limits(
        limits.get(ProxyKeys.MAX_MESSAGE_BYTES),
        limits.get(ProxyKeys.MAX_DEPTH),
        Limits.DEFAULT.maxTokens());
  }

  private UpstreamSettings upstream(Values upstream) {
    return new UpstreamSettings(
        name(upstream),
        upstream.find(UpstreamKeys.PREFIX).orElseGet(() -> usualPrefix(upstream)),
        upstream.get(UpstreamKeys.ENABLED),
        target(upstream),
        upstream.get(UpstreamKeys.SESSIONS),
        upstream.get(UpstreamKeys.MAX_CONCURRENT_REQUESTS),
        requestTimeout(upstream),
        upstream
            .find(UpstreamKeys.CONNECTION_TIMEOUT)
            .orElseGet(() -> timeouts.get(ProxyKeys.CONNECTION_TIMEOUT)),
        restart(upstream),
        pool(upstream.section(UpstreamKeys.POOL)),
        retry(upstream.section(UpstreamKeys.RETRY)),
        circuitBreaker(upstream.section(UpstreamKeys.CIRCUIT_BREAKER)));
  }

  private String usualPrefix(Values upstream) {
    var enabled = upstreams.stream().filter(each -> each.get(UpstreamKeys.ENABLED)).count();
    var isAlone = upstreams.size() == 1 || (enabled == 1 && upstream.get(UpstreamKeys.ENABLED));
    return isAlone ? "" : name(upstream) + proxy.get(ProxyKeys.SEPARATOR);
  }

  private static Target target(Values upstream) {
    var url = upstream.find(UpstreamKeys.URL);
    if (url.isPresent()) {
      var isSse = upstream.find(UpstreamKeys.TRANSPORT).filter(c -> c == Channel.SSE).isPresent();
      return new Remote(
          url.get(),
          upstream.find(UpstreamKeys.HEADERS).orElse(Map.of()),
          isSse ? Wire.SSE : Wire.STREAMABLE_HTTP);
    }
    return new Command(
        command(upstream),
        upstream.find(UpstreamKeys.ENV).orElse(Map.of()),
        upstream.get(UpstreamKeys.INHERIT_ENV),
        upstream.find(UpstreamKeys.CWD).orElseGet(() -> Path.of("").toAbsolutePath()));
  }

  /// A program written as a path is a path of the file; any other name is looked up in `PATH`.
  private static List<String> command(Values upstream) {
    List<String> command = new ArrayList<>(upstream.find(UpstreamKeys.COMMAND).orElseThrow());
    var program = command.getFirst();
    if (program.startsWith("./") || program.startsWith("../") || program.startsWith("~/")) {
      command.set(0, upstream.place().places().resolve(program).toString());
    }
    return List.copyOf(command);
  }

  private static Restart restart(Values upstream) {
    var restart = upstream.section(UpstreamKeys.RESTART);
    var isOff = upstream.find(UpstreamKeys.RESTART_ON_FAILURE).filter(on -> !on).isPresent();
    var attempts =
        upstream
            .find(UpstreamKeys.MAX_RESTART_ATTEMPTS)
            .orElseGet(() -> restart.get(UpstreamKeys.RESTART_ATTEMPTS));
    var pauses = Pauses.of(restart, UpstreamKeys.RESTART_BACKOFF, UpstreamKeys.RESTART_MAX_BACKOFF);
    return new Restart(isOff ? 0 : attempts, pauses.first, pauses.most);
  }

  /// The first and the longest of pauses that become longer.
  private record Pauses(Duration first, Duration most) {
    static Pauses of(Values section, Key<Duration> firstKey, Key<Duration> mostKey) {
      var first = section.get(firstKey);
      var most = section.get(mostKey);
      if (first.compareTo(most) <= 0) {
        return new Pauses(first, most);
      }
      // One of the two is a default, for two written ones that contradict each other were refused.
      var written = section.wrote(firstKey) ? first : most;
      return new Pauses(written, written);
    }
  }

  private static Pool pool(Values pool) {
    return new Pool(
        pool.get(UpstreamKeys.POOL_MAX),
        pool.get(UpstreamKeys.POOL_QUEUE),
        pool.get(UpstreamKeys.POOL_QUEUE_TIMEOUT),
        pool.get(UpstreamKeys.POOL_IDLE_TIMEOUT));
  }

  private static Retry retry(Values retry) {
    var pauses = Pauses.of(retry, UpstreamKeys.RETRY_BACKOFF, UpstreamKeys.RETRY_MAX_BACKOFF);
    return new Retry(
        retry.get(UpstreamKeys.RETRY_ATTEMPTS),
        pauses.first,
        pauses.most,
        retry.get(UpstreamKeys.RETRY_JITTER),
        retry.get(UpstreamKeys.RETRY_BUDGET));
  }

  private static CircuitBreaker circuitBreaker(Values breaker) {
    return new CircuitBreaker(
        breaker.get(UpstreamKeys.FAILURE_THRESHOLD),
        breaker.get(UpstreamKeys.RECOVERY_TIMEOUT),
        breaker.get(UpstreamKeys.HALF_OPEN_REQUESTS));
  }

  private static AdminSettings admin(Values admin) {
    return new AdminSettings(
        admin.get(RootKeys.ADMIN_ENABLED),
        admin.get(RootKeys.ADMIN_HOST),
        admin.get(RootKeys.ADMIN_PORT));
  }

  private static GatewayConfig.Logging logging(Values logging) {
    var handlers = logging.get(RootKeys.HANDLERS);
    var isFile = handlers.contains(LogHandler.FILE);
    return new GatewayConfig.Logging(
        logging.get(RootKeys.LEVEL),
        handlers.contains(LogHandler.STDERR),
        isFile ? logging.find(RootKeys.FILE_PATH) : Optional.empty(),
        (int) Math.ceil(logging.get(RootKeys.MAX_FILE_SIZE)),
        logging.get(RootKeys.BACKUP_COUNT),
        logging.get(RootKeys.FORMAT) == LogFormat.JSON);
  }

  private List<String> inactive() {
    List<String> inactive = new ArrayList<>();
    for (var upstream : upstreams) {
      UpstreamKeys.INACTIVE.stream()
          .filter(upstream::wrote)
          .forEach(key -> inactive.add("proxy.upstreams[" + name(upstream) + "]." + key.name()));
    }
    var logging = root.section(RootKeys.LOGGING);
    if (logging.get(RootKeys.FORMAT) == LogFormat.PYTHON) {
      inactive.add("logging.format");
    }
    if (logging.wrote(RootKeys.DATE_FORMAT)) {
      inactive.add("logging.date_format");
    }
    return List.copyOf(inactive);
  }
}
