package io.watchgate.audit.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate that the JDK's own `keytool` makes, its own authority.
///
/// @param store key and certificate in PKCS #12
/// @param certificate in PEM
/// @param key in PEM
record TestCertificate(Path store, Path certificate, Path key) {
  static final String PASSWORD = "changeit";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /// @param subject as `dns:localhost`
  static TestCertificate make(Path directory, String name, String subject)
      throws IOException, InterruptedException, GeneralSecurityException {
    var store = directory.resolve(name + ".p12");
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(List.of("-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=" + name));
    command.addAll(List.of("-ext", "san=" + subject, "-validity", "2", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.inputReader()) {
      var said = String.join("\n", out.readAllLines());
      if (process.waitFor() != 0) {
        throw new IOException(said);
      }
    }
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var certificate = keys.getCertificate("it").getEncoded();
    var key = keys.getKey("it", PASSWORD.toCharArray()).getEncoded();
    return new TestCertificate(
        store,
        pem(directory.resolve(name + ".crt"), "CERTIFICATE", certificate),
        pem(directory.resolve(name + ".key"), "PRIVATE KEY", key));
  }

  private static Path pem(Path file, String kind, byte[] content) throws IOException {
    return Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, LINES.encodeToString(content), kind));
  }

  /// Of a server that has this certificate.
  SSLContext server() throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
