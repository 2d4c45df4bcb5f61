/// Prints the JDK and the class path it runs on, so that others can start test classes too.
void main() {
  IO.println(System.getProperty("java.home"));
  IO.println(System.getProperty("java.class.path"));
}
