package dev.neurontp.harness.daemon.http;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Jetty's, but for connections that the daemon has ended and their clients have not: Jetty waits once more for as long as one may be idle,
 * and meanwhile it has their place.
 */
final class HttpConnector extends ServerConnector {
    /** For a client to end its side, too. */
    private static final long AFTER_END_MILLIS = 5000;

    HttpConnector(Server server, ConnectionFactory... factories) {
        super(server, factories);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new SocketChannelEndPoint(channel, selector, key, getScheduler()) {
            @Override
            protected void doShutdownOutput() {
                super.doShutdownOutput();
                notIdle(); // it begins anew
                setIdleTimeout(Math.min(AFTER_END_MILLIS, getIdleTimeout()));
            }
        };
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
