package dev.neurontp.worker;

import dev.neurontp.rpc.WireCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The version of this product and that of the wire contract. The one comes from the root pom, the other from
 * {@code wire-contract.json}; neither stands anywhere else in the code. Any thread may call.
 */
public final class Versions {
    private static final String PRODUCT = "product.properties";
    private static final String CONTRACT = "wire-contract.json";

    private Versions() {}

    /** Of the product, such as {@code 0.1.0}. */
    public static String product() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream(PRODUCT)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** Of the wire contract, such as {@code 1.0}. */
    public static String contract() {
        try (InputStream in = WireCodec.class.getResourceAsStream(CONTRACT);
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("version")) {
                    return json.getString();
                }
                json.skipChildren();
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
