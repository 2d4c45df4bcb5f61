package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom to trust, and who we are, towards a server that speaks TLS.
///
/// @param authorities certificates in PEM, empty for those that the JDK trusts
/// @param own key and certificate in PKCS #12, empty for none
/// @param password of that
record TlsSettings(Optional<Path> authorities, Optional<Path> own, String password) {

  static TlsSettings read(Options options) {
    var own = options.path("key_store");
    var password = options.text("key_store_password");
    if (own.isPresent() && password.isEmpty()) {
      options.problem("key_store_password", "is missing: it opens the key store");
    }
    return new TlsSettings(options.path("ca_file"), own, password.orElse(""));
  }

  /// @throws IOException when a file cannot be read, or is none of the kind
  SSLSocketFactory sockets() throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(), trusted(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException failure) {
      throw new IOException("TLS cannot be set up: " + failure.getMessage(), failure);
    }
  }

  private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
    if (own.isEmpty()) {
      return null;
    }
    var store = KeyStore.getInstance(own.get().toFile(), password.toCharArray());
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password.toCharArray());
    return factory.getKeyManagers();
  }

  private TrustManager @Nullable [] trusted() throws IOException, GeneralSecurityException {
    if (authorities.isEmpty()) {
      return null;
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream file = Files.newInputStream(authorities.get())) {
      int number = 0;
      for (var one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("authority " + number++, one);
      }
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /// Without the password.
  @Override
  public String toString() {
    return "TLS " + authorities + " " + own;
  }
}
