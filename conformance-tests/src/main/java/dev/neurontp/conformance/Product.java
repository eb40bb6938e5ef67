package dev.neurontp.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;

/** This project's version, and its commit where it runs from a clone. The judge shares no code with the worker, which says them too. */
final class Product {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40,64}");

    private Product() {}

    /** Such as {@code 0.1.0}; it comes from the root pom. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = Product.class.getResourceAsStream("product.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** The commit that is checked out where this program was started from, or an empty string. */
    static String commit() {
        return commit(Path.of(System.getProperty("neuron.root", ".")).resolve(".git"));
    }

    static String commit(Path git) {
        try {
            String head = Files.readString(git.resolve("HEAD")).strip();
            String ref = head.startsWith("ref: ") ? head.substring("ref: ".length()) : "";
            Path loose = git.resolve(ref);
            if (ref.isEmpty()) {
                return hash(head);
            }
            if (Files.isRegularFile(loose)) {
                return hash(Files.readString(loose).strip());
            }
            return Files.readAllLines(git.resolve("packed-refs")).stream()
                    .filter(line -> line.endsWith(" " + ref))
                    .map(line -> hash(line.substring(0, line.indexOf(' '))))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String hash(String text) {
        return HASH.matcher(text).matches() ? text : "";
    }
}
