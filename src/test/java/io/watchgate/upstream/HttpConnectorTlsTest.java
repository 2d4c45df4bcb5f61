package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// TLS towards servers, with certificates made by the JDK's own `keytool`.
@Timeout(60)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class HttpConnectorTlsTest {
  private static final String TRUST = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;

  @BeforeAll
  static void makeCertificates() throws Exception {
    makeCertificate("right", "ip:127.0.0.1,dns:localhost");
    makeCertificate("other", "dns:other.example");
  }

  @AfterEach
  void forgetTrust() {
    System.clearProperty(TRUST);
    System.clearProperty(TRUST + "Password");
  }

  private static void makeCertificate(String name, String subjects) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + subjects,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store(name).toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start();
    assertThat(process.waitFor()).as(() -> directory.resolve(name + ".log").toString()).isZero();
  }

  private static Path store(String name) {
    return directory.resolve(name + ".p12");
  }

  private static void trust(String name) {
    System.setProperty(TRUST, store(name).toString());
    System.setProperty(TRUST + "Password", PASSWORD);
  }

  private static RawServer server(String certificate) throws Exception {
    return RawServer.on(
        tlsSocket(certificate),
        peer -> {
          for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
            peer.write(
                got.contains("\"id\"")
                    ? RemoteContext.answer(got)
                    : RawServer.response(405, "text/plain", "").replace("405", status(got)));
          }
        });
  }

  private static String status(String request) {
    return request.startsWith("POST") ? "202" : "405";
  }

  private static ServerSocket tlsSocket(String certificate)
      throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store(certificate))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    var loopback = InetAddress.getLoopbackAddress();
    return context.getServerSocketFactory().createServerSocket(0, 50, loopback);
  }

  /// What a call of a tool over TLS ends with.
  private static String call(RawServer server) throws Exception {
    var url = URI.create("https://127.0.0.1:" + server.port() + "/mcp");
    try (var remote =
        new RemoteContext(url, Wire.STREAMABLE_HTTP, Map.of(), Duration.ofSeconds(5))) {
      return remote.text("x", "{}");
    }
  }

  @Test
  void certificateOfATrustStoreIsTrusted() throws Exception {
    trust("right");
    try (var server = server("right")) {
      assertThat(call(server)).isEqualTo("done");
    }
  }

  @Test
  void untrustedCertificateIsRefusedNamingTheServer() throws Exception {
    try (var server = server("right")) {
      assertThat(call(server))
          .startsWith("server \"web\" is unavailable: cannot connect: no TLS with 127.0.0.1:")
          .contains("certification path");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void certificateOfAnotherHostIsRefused() throws Exception {
    trust("other");
    try (var server = server("other")) {
      assertThat(call(server)).contains("no TLS with 127.0.0.1:").contains("127.0.0.1");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void serverWithoutTlsIsNamedSo() throws Exception {
    try (var server =
        RawServer.start(peer -> peer.write(RawServer.response(400, "text/plain", "plain")))) {
      assertThat(call(server)).endsWith(" does not speak TLS, the URL says https");
    }
  }
}
