package dev.neurontp.worker;

import dev.neurontp.rpc.WireCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * The version of this product and that of the wire contract. The one comes from the root pom, the other from
 * {@code wire-contract.json}; neither stands anywhere else in the code. Any thread may call.
 */
public final class Versions {
    /** What the launchers have read in the name of a jar: to open one takes a tenth of a short command. */
    private static final String SAID = "neuron.version";

    private static final String PRODUCT = "product.properties";
    private static final String CONTRACT = "wire-contract.json";

    /** How its line begins, and no other one. */
    private static final String VERSION = "  \"version\": \"";

    private Versions() {}

    /** Of the product, such as {@code 0.1.0}. */
    public static String product() {
        String said = System.getProperty(SAID, "");
        return said.isEmpty() ? read() : said;
    }

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream(PRODUCT)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** Of the wire contract, such as {@code 1.0}. A parser would take ten times as long for this one line. */
    public static String contract() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(WireCodec.class.getResourceAsStream(CONTRACT), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(VERSION)) {
                    return line.substring(VERSION.length(), line.indexOf('"', VERSION.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(CONTRACT + " has no version");
    }

    /** What {@code --version} prints: {@code neuron 0.1.0 (neurontp, wire contract 1.0)}. */
    public static String line(String program) {
        return program + " " + product() + " (neurontp, wire contract " + contract() + ")";
    }
}
