package io.watchgate.audit.sinks;

import io.watchgate.audit.sinks.SyslogFormat.Facility;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/// Makes `audit_syslog`.
public final class SyslogFactory implements PluginFactory {
  private static final int USUAL_PORT = 601;
  private static final int USUAL_TLS_PORT = 6514;
  private static final int MOST_PORT = 65535;

  @Override
  public String handler() {
    return "audit_syslog";
  }

  @Override
  public String description() {
    return "Sends records of what happened to a syslog server, over TCP or TLS.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options, false); // nobody says what has arrived
    var host = options.text("host").orElse("localhost");
    var tls = options.section("tls").map(TlsSettings::read);
    int standard = tls.isPresent() ? USUAL_TLS_PORT : USUAL_PORT;
    int port = options.integer("port", 1, MOST_PORT, standard);
    var facility = options.choice("facility", Facility.LOCAL0);
    var application = options.text("app_name").orElse("watchgate");
    return home -> {
      var process = Long.toString(ProcessHandle.current().pid());
      var format = new SyslogFormat(facility, ownName(), application, process);
      Optional<SSLSocketFactory> sockets =
          tls.isPresent() ? Optional.of(tls.get().sockets()) : Optional.empty();
      var target = new SyslogTarget(host, port, sockets, format);
      return QueuedRecorder.start(handler(), settings, target, home);
    };
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "";
    }
  }
}
