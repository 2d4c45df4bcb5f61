package io.watchgate.security.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Texts without a secret that look as if they had one, drawn from a seed.
final class HardNegatives {
  private HardNegatives() {}

  /// @param kind what it is made to look like
  record Negative(String kind, String text) {}

  private record Kind(String name, Function<Dice, String> draw) {}

  private static Kind kind(String name, Function<Dice, String> draw) {
    return new Kind(name, draw);
  }

  /// What rules were tuned with.
  static List<Negative> open() {
    return draw(31_415_926, 30, DIGESTS, FILES, PLACEHOLDERS, CODE, PROSE, IDS);
  }

  /// What they were not tuned with: other seeds, and kinds of their own.
  static List<Negative> heldBack() {
    var negatives = draw(27_182_818, 30, DIGESTS, FILES, PLACEHOLDERS, CODE, PROSE, IDS);
    negatives.addAll(draw(16_180_339, 40, HELD_BACK));
    return negatives;
  }

  @SafeVarargs
  private static List<Negative> draw(long seed, int each, List<Kind>... groups) {
    var negatives = new ArrayList<Negative>();
    for (var group : groups) {
      for (var kind : group) {
        var dice = new Dice(seed + kind.name().hashCode());
        for (int i = 0; i < each; i++) {
          negatives.add(new Negative(kind.name(), kind.draw().apply(dice)));
        }
      }
    }
    return negatives;
  }

  private static final List<Kind> DIGESTS =
      List.of(
          kind("uuid in json", d -> "{\"id\": \"%s\", \"parent_id\": \"%s\"}".formatted(d.uuid(), d.uuid())),
          kind("uuid in log", d -> "request_id=" + d.uuid() + " trace_id=" + d.hex(32) + " span_id=" + d.hex(16)),
          kind("git log", d -> "commit " + d.hex(40) + "\nAuthor: A <a@b.c>\n\n    " + d.words(" ", 5)),
          kind("git diff", d -> "diff --git a/x b/x\nindex " + d.hex(7) + ".." + d.hex(7) + " 100644"),
          kind("docker digest", d -> "FROM alpine@sha256:" + d.hex(64)),
          kind("package lock", d -> "\"resolved\": \"https://registry.npmjs.org/" + d.word() + "/-/" + d.word() + "-1.2.3.tgz\",\n\"integrity\": \"sha512-" + d.base64(64) + "\""),
          kind("yarn lock", d -> d.word() + "@^1.0.0:\n  version \"1.0.4\"\n  resolved \"https://registry.yarnpkg.com/x/-/x-1.0.4.tgz#" + d.hex(40) + "\"\n  integrity sha1-" + d.base64(20)),
          kind("go.sum", d -> "github.com/acme/" + d.word() + " v1.2.3 h1:" + d.base64(32) + "\ngithub.com/acme/" + d.word() + " v1.2.3/go.mod h1:" + d.base64(32)),
          kind("Cargo.lock", d -> "[[package]]\nname = \"" + d.word() + "\"\nversion = \"0.3.1\"\nchecksum = \"" + d.hex(64) + "\""),
          kind("poetry lock", d -> "    {file = \"" + d.word() + "-2.0-py3-none-any.whl\", hash = \"sha256:" + d.hex(64) + "\"},"),
          kind("checksum file", d -> d.hex(64) + "  " + d.words("-", 2) + ".tar.gz"),
          kind("etag", d -> "ETag: \"" + d.hex(32) + "\"\r\nX-Request-Id: " + d.uuid()),
          kind("script integrity", d -> "<script src=\"/x.js\" integrity=\"sha384-" + d.base64(48) + "\" crossorigin=\"anonymous\"></script>"),
          kind("csp nonce", d -> "<script nonce=\"" + d.base64(16) + "\">"),
          kind("object id", d -> "{\"_id\": {\"$oid\": \"" + d.hex(24) + "\"}, \"rev\": \"3-" + d.hex(32) + "\"}"));

  private static final List<Kind> FILES =
      List.of(
          kind("png", d -> "<img src=\"data:image/png;base64,iVBORw0KGgo" + d.base64(d.number(100, 900)) + "\">"),
          kind("font", d -> "src: url(data:font/woff2;base64,d09GMgABAAAAA" + d.base64(300) + ") format('woff2');"),
          kind("minified", HardNegatives::minified),
          kind("css", d -> ".btn-" + d.hex(6) + ",.sc-" + d.chars(Dice.LOWER, 6) + "{color:#" + d.hex(6) + ";background:#" + d.hex(3) + "}"),
          kind("class soup", d -> "<div class=\"flex items-center px-4 hover:bg-[#" + d.hex(6) + "] css-" + d.a62(7) + " " + d.words("-", 3) + "__" + d.a62(5) + "\">"),
          kind("chunk", d -> "static/js/" + d.digits(3) + "." + d.hex(8) + ".chunk.js static/css/main." + d.hex(20) + ".css"),
          kind("public key", d -> "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + d.base64(150) + "\n-----END PUBLIC KEY-----"),
          kind("certificate", d -> "-----BEGIN CERTIFICATE-----\nMIID" + d.base64(400) + "\n-----END CERTIFICATE-----"),
          kind("ssh public key", d -> "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + d.base64(32) + " " + d.word() + "@host"),
          kind("known hosts", d -> "github.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB" + d.base64(250)),
          kind("pgp public key", d -> "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINB" + d.base64(200) + "\n-----END PGP PUBLIC KEY BLOCK-----"),
          kind("public jwk", d -> "{\"kty\":\"RSA\",\"kid\":\"" + d.hex(16) + "\",\"n\":\"" + d.a62(340) + "\",\"e\":\"AQAB\"}"),
          kind("long url", d -> "https://cdn.acme.com/" + d.words("/", 4) + "/" + d.hex(32) + "/" + d.a62(22) + ".jpg?w=640&v=" + d.hex(8)),
          kind("youtube", d -> "https://www.youtube.com/watch?v=" + d.a62(11) + " https://docs.google.com/document/d/" + d.a62(44) + "/edit"),
          kind("coverage", d -> "DA:" + d.number(1, 900) + ",0," + d.base64(16) + "\nSF:src/" + d.words("/", 3) + ".ts"));

  private static String minified(Dice d) {
    var code = new StringBuilder("!function(){var e=");
    for (int i = 0; i < 40; i++) {
      code.append(d.chars(Dice.LOWER, 1)).append('.').append(d.word()).append('(')
          .append(d.of("t", "n", "0", "!1", "\"" + d.word() + "\"", "function(e){return e.key}"))
          .append(d.of("),", ")||", ")&&", ");", ")?", "):"));
    }
    return code.append("}();").toString();
  }

  private static final List<Kind> PLACEHOLDERS =
      List.of(
          kind("documentation key", d -> d.of("aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AKIA" + "XXXXXXXXXXXXXXXX")),
          kind("your token", d -> d.of("API_KEY=<your api key>", "token: YOUR_TOKEN_HERE", "password = \"your-password\"", "api_key = 'YOUR_API_KEY'", "export GITHUB_TOKEN=<token>", "SECRET_KEY=changeme", "\"apiKey\": \"INSERT_API_KEY_HERE\"")),
          kind("crossed out", d -> d.of("token=", "password: ", "secret = ", "Authorization: Bearer ") + d.of("****************", "xxxxxxxxxxxxxxxx", "••••••••", "[REDACTED]", "<redacted>", "XXXXXXXX-XXXX-XXXX", "...", "abc...xyz")),
          kind("prefix only", d -> d.of("gh" + "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-" + "...", "xoxb-" + "your-token", "tokens begin with gh" + "p_ or gho_", "sk_live_" + "...", "sk-" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "glpat-" + "XXXXXXXXXXXXXXXXXXXX", "hf_" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
          kind("variable", d -> d.of("password: ${DB_PASSWORD}", "token=$GITHUB_TOKEN", "api_key: {{ vault_api_key }}", "PASSWORD=%DB_PASSWORD%", "secret: ${{ secrets.DEPLOY_KEY }}", "auth = var.auth_token", "password: !vault |", "client_secret: @@SECRET@@", "curl -H \"Authorization: Bearer $TOKEN\"", "token: ${TOKEN:-}", "password=#{password}", "DB_PASSWORD: $(cat /run/secrets/db)", "api_key=%(api_key)s")),
          kind("environment", d -> d.of("const token = process.env.API_TOKEN;", "secret = os.environ[\"CLIENT_SECRET\"]", "password = os.getenv('DB_PASSWORD')", "api_key = System.getenv(\"API_KEY\");", "token = ENV['TOKEN']", "let key = std::env::var(\"API_KEY\")?;", "apiKey: import.meta.env.VITE_API_KEY,", "$password = getenv('PASSWORD');")),
          kind("url without password", d -> d.of("postgres://user:password@localhost/db", "mysql://user:<password>@host/db", "https://user:${PASSWORD}@host/x", "redis://localhost:6379", "http://host:8080/path@2x.png", "git@github.com:acme/repo.git", "ssh://git@host:22/x", "https://example.com:443/@scope/pkg", "mongodb://%s:%s@%s/", "amqp://guest:guest@localhost")),
          kind("secret reference", d -> d.of("secretKeyRef:\n  name: db-credentials\n  key: password", "password_file: /run/secrets/db_password", "token_path=/var/run/secrets/kubernetes.io/serviceaccount/token", "private_key: ~/.ssh/id_rsa", "secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf", "passwordSecretName: app-db-secret", "key_file = \"./certs/server.key\"", "op://vault/item/password", "api_key: !Ref ApiKeyParameter")),
          kind("empty", d -> d.of("password=", "token: \"\"", "secret: ''", "API_KEY=\n", "password: null", "api_key = None", "token: undefined,", "passwd: ~", "\"secret\": false", "password: true")));

  private static final List<Kind> CODE =
      List.of(
          kind("call", d -> d.of("password", "token", "secret", "apiKey") + d.of(" = ", ": ") + d.of("get", "read", "load", "fetch") + d.capital(d.word()) + d.of("()", "(user)", "(req.body)", "('x')") + ";"),
          kind("member", d -> d.of("password", "accessToken", "clientSecret", "authToken") + d.of(" = ", ": ") + d.of("self", "this", "config", "req", "options", "response.data") + "." + d.camel(2)),
          kind("parameter", d -> "def login(" + d.word() + ", password: str, token: Optional[str] = None, api_key=api_key):"),
          kind("declaration", d -> "private String password;\nprivate final Token token;\nString apiKey() { return apiKey; }\nint passwordLength = " + d.number(8, 64) + ";"),
          kind("type", d -> "interface " + d.capital(d.word()) + " { token: string; password?: string; apiKey: string | undefined; secret: Buffer }"),
          kind("lexer", d -> "Token token = lexer.next" + d.capital(d.word()) + "(); if (token.type == TokenType." + d.word().toUpperCase() + ") { tokens.add(token); }"),
          kind("primary key", d -> d.of("primary_key = \"", "\"partitionKey\": \"", "sort_key: \"", "cache_key = \"", "foreign_key: \"", "\"key\": \"", "i18n_key: \"") + d.words("_", 3) + "\""),
          kind("limits", d -> "{\"max_tokens\": " + d.number(100, 9000) + ", \"total_tokens\": " + d.digits(4) + ", \"prompt_tokens\": 12, \"token_type\": \"bearer\", \"expires_in\": 3600}"),
          kind("page token", d -> "{\"nextPageToken\": \"" + d.base64(30) + "\", \"continuation_token\": \"" + d.a62(40) + "\"}"),
          kind("comparison", d -> "if (password == confirmPassword && token != null && secret.length() > " + d.number(3, 40) + ") {"),
          kind("form", d -> "<input type=\"password\" name=\"password\" id=\"user-password\" autocomplete=\"current-password\" placeholder=\"" + d.capital(d.word()) + "\">"),
          kind("label", d -> d.of("\"password\": \"Password\"", "password_label: \"Enter your password\"", "'token' => 'Token'", "\"secret\": \"Geheimnis\"", "\"password\": \"Mot de passe\"", "password.title=Change " + d.word(), "token.expired: The token has expired", "\"passwordHint\": \"at least 8 characters, 1 digit\"")),
          kind("constant", d -> d.of("public static final String PASSWORD = \"password\";", "const TOKEN_KEY = 'auth-token';", "API_KEY_HEADER = \"X-API-Key\"", "SECRET_NAME = \"" + d.words("-", 3) + "\"", "ACCESS_TOKEN = 'access_token'", "AUTH_HEADER = \"Authorization\"", "TOKEN_URL = \"https://acme.io/oauth/token\"", "PASSWORD_PATTERN = \"^[a-z0-9]{8,}$\"")),
          kind("class names", d -> "import com.acme." + d.word() + ".security.PasswordAuthenticationTokenProvider" + d.capital(d.word()) + "Factory;"),
          kind("test name", d -> "it('rejects a token that " + d.words(" ", 3) + "', async () => { expect(validateToken(token)).toBe(false) })"),
          kind("sql", d -> "SELECT id, password_hash, api_key FROM " + d.word() + "s WHERE token = ? AND secret = :secret ORDER BY " + d.word()),
          kind("schema", d -> "{\"properties\": {\"password\": {\"type\": \"string\", \"minLength\": 8}, \"token\": {\"type\": \"string\", \"format\": \"uuid\"}}, \"required\": [\"password\"]}"),
          kind("identifier", d -> d.of("secretName", "passwordFieldId", "tokenStore", "keyVaultName", "authProvider") + ": \"" + d.words("-", d.number(2, 4)) + "\""),
          kind("key header", d -> d.of("if (text.contains(\"-----BEGIN RSA PRIVATE KEY-----\")) {", "BEGIN = '-----BEGIN PRIVATE KEY-----'", "a file that starts with `-----BEGIN OPENSSH PRIVATE KEY-----`", "\"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\"")));

  private static final List<Kind> PROSE =
      List.of(
          kind("advice", d -> d.of("Never share your password with anybody.", "The token is valid for one hour.", "Rotate the secret key every " + d.number(30, 90) + " days.", "Passwords must be at least 12 characters long, with 1 digit.", "Set the API key in the settings page.", "A bearer token is sent in the Authorization header.", "The private key never leaves the device.", "Use a password manager; reuse is the problem.", "The secret of good soup is stock.", "key: value pairs are separated by commas")),
          kind("error", d -> d.of("401 Unauthorized: invalid token", "Error: password authentication failed for user \"" + d.word() + "\"", "secret not found: " + d.words("-", 3), "token expired at 2026-01-02T03:04:05Z", "Unexpected token < in JSON at position 0", "Bearer realm=\"" + d.word() + "\", error=\"invalid_token\"", "ValueError: api_key is required")),
          kind("task words", d -> d.words(" ", 4) + " task-" + d.words("-", 3) + " risk-" + d.word() + "-" + d.number(1, 99) + " desk-" + d.words("_", 3) + " pat" + d.word() + " skip-" + d.words("-", 4)),
          kind("numbers", d -> "total 0." + d.digits(12) + ", 11" + d.digits(30) + ", phone +49 " + d.digits(9) + ", 1/" + d.digits(4) + ", v1.0-" + d.digits(3)),
          kind("keyboard", d -> "keyboard monkey turnkey hockey tokenizer passport compass bypass secretary author authority " + d.words(" ", 3)));

  private static final List<Kind> IDS =
      List.of(
          kind("pod", d -> "pod/" + d.words("-", 2) + "-" + d.hex(10) + "-" + d.chars("bcdfghjklmnpqrstvwxz2456789", 5) + " 1/1 Running 0 3d"),
          kind("trace", d -> "traceparent: 00-" + d.hex(32) + "-" + d.hex(16) + "-01"),
          kind("arn", d -> "arn:aws:iam::" + d.digits(12) + ":role/" + d.words("-", 2) + "-" + d.a62(12)),
          kind("stripe object", d -> "{\"id\": \"ch_" + d.a62(24) + "\", \"customer\": \"cus_" + d.a62(14) + "\", \"object\": \"charge\"}"),
          kind("slack ids", d -> "<@U" + d.chars(Dice.DIGITS + Dice.UPPER, 10) + "> in C" + d.chars(Dice.DIGITS + Dice.UPPER, 10) + " ts " + d.digits(10) + "." + d.digits(6)),
          kind("key id", d -> "{\"kid\": \"" + d.a62(22) + "\", \"key_id\": \"" + d.hex(20) + "\", \"token_id\": \"" + d.uuid() + "\", \"apiKeyId\": \"" + d.a62(20) + "\"}"),
          kind("client id", d -> "client_id=" + d.digits(12) + "-" + d.chars(Dice.DIGITS + Dice.LOWER, 32) + ".apps.googleusercontent.com"),
          kind("idempotency", d -> "Idempotency-Key: " + d.uuid() + "\r\nX-Correlation-Id: " + d.hex(32)),
          kind("ulid", d -> "id: 01H" + d.chars("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23) + " job: " + d.a62(21)),
          kind("ipfs", d -> "ipfs://Qm" + d.a62(44) + " 0x" + d.hex(40) + " tx 0x" + d.hex(64)));

  private static final List<Kind> HELD_BACK =
      List.of(
          kind("terraform state", d -> "\"id\": \"sg-0" + d.hex(16) + "\", \"etag\": \"" + d.hex(32) + "\", \"source_code_hash\": \"" + d.base64(32) + "\""),
          kind("helm", d -> "existingSecret: " + d.words("-", 2) + "-credentials\nsecretKey: postgres-password\nchecksum/config: " + d.hex(64)),
          kind("lfs pointer", d -> "version https://git-lfs.github.com/spec/v1\noid sha256:" + d.hex(64) + "\nsize " + d.digits(6)),
          kind("nix", d -> "sha256 = \"" + d.chars("0123456789abcdfghijklmnpqrsvwxyz", 52) + "\"; hash = \"sha256-" + d.base64(32) + "\";"),
          kind("pipfile", d -> "\"hashes\": [\"sha256:" + d.hex(64) + "\"], \"version\": \"==1.0\""),
          kind("source map", d -> "\"mappings\": \"" + "AAAA,CAAC,SAASA,EAAEC,GAAG,".repeat(4) + "\", \"names\": [\"token\", \"password\"]"),
          kind("svg", d -> "<path d=\"M" + d.number(0, 99) + "." + d.digits(3) + "c0-1.1-.9-2-2-2H" + d.digits(2) + "l-" + d.digits(2) + ".5 0z\" fill=\"#" + d.hex(6) + "\"/>"),
          kind("metrics", d -> "auth_token_requests_total{key=\"" + d.words("_", 2) + "\",pass=\"true\"} " + d.digits(7)),
          kind("openapi", d -> "securitySchemes:\n  apiKey:\n    type: apiKey\n    name: X-API-KEY\n    in: header\n  bearerAuth:\n    scheme: bearer\n    bearerFormat: JWT"),
          kind("java", d -> "var authentication = new UsernamePasswordAuthenticationToken(user, null, user.get" + d.capital(d.word()) + "());"),
          kind("go", d -> "token := strings.TrimPrefix(header, \"Bearer \")\nif secret, ok := secrets[" + d.word() + "]; !ok { return err" + d.capital(d.word()) + " }"),
          kind("css module", d -> "import styles from './" + d.capital(d.word()) + ".module.css'; // _" + d.word() + "_" + d.a62(5) + "_" + d.number(1, 99)),
          kind("aws ids", d -> "i-0" + d.hex(16) + " vpc-" + d.hex(17) + " ami-" + d.hex(17) + " AROA" + d.chars(Dice.UPPER, 17) + ":session"),
          kind("mime message", d -> "Message-ID: <" + d.a62(30) + "@mail.acme.com>\r\nDKIM-Signature: v=1; a=rsa-sha256; bh=" + d.base64(32) + "; b=" + d.base64(128)),
          kind("test report", d -> "pass: " + d.number(1, 400) + ", fail: 0, skip: " + d.number(1, 9) + "; key=" + d.words(".", 3) + "; auth: ok"),
          kind("passwd file", d -> "root:x:0:0:root:/root:/bin/bash\n" + d.word() + ":x:1000:1000::/home/" + d.word() + ":/bin/sh"));
}
