package dev.neurontp.ops.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** An id as a part of a path. */
public final class PathSegment {
    private PathSegment() {}

    /** The id with all that has a meaning in a URL, or none, escaped. */
    public static String of(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
    }
}
