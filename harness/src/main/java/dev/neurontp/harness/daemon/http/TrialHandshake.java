package dev.neurontp.harness.daemon.http;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A handshake in memory with a client that trusts everybody: certificates can be read and belong to their key, and Java can refuse
 * to show them all the same, as those with a key of 512 bits. Then nobody could reach the daemon, not to correct it either.
 */
final class TrialHandshake {
    private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};
    private static final int BUFFER = 1 << 16;
    /** A handshake has a handful of flights. */
    private static final int MOST_ROUNDS = 1000;

    private TrialHandshake() {}

    /**
     * Tries it.
     *
     * @throws SSLException if it fails
     */
    static void with(KeyStore keys, String password) throws GeneralSecurityException, SSLException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
        SSLEngine server = engine(context, false);
        SSLEngine client = engine(context, true);
        ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
        ByteBuffer toClient = ByteBuffer.allocate(BUFFER);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            goOn(client, toClient, toServer);
            goOn(server, toServer, toClient);
            if (isOver(client) && isOver(server)) {
                return;
            }
        }
        throw new SSLException("the handshake has no end");
    }

    private static SSLEngine engine(SSLContext context, boolean client) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.beginHandshake();
        return engine;
    }

    private static boolean isOver(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    /** As far as it can without the other side. */
    private static void goOn(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        boolean moved = true;
        while (moved) {
            moved = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    engine.getDelegatedTask().run();
                    yield true;
                }
                case NEED_WRAP -> isDone(engine.wrap(ByteBuffer.allocate(0), out));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    in.flip();
                    SSLEngineResult result = engine.unwrap(in, ByteBuffer.allocate(BUFFER));
                    in.compact();
                    yield isDone(result);
                }
                default -> false;
            };
        }
    }

    private static boolean isDone(SSLEngineResult result) {
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    /** Whom a client trusts is the client's question. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
