package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.PortStream;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to a port of a guest, for what wants a socket: the JDK's TLS. */
final class PortSocket extends Socket {

    private final PortStream port;

    PortSocket(PortStream port) {
        this.port = port;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public InputStream getInputStream() {
        return port.input();
    }

    @Override
    public OutputStream getOutputStream() {
        return port.output();
    }

    /** There is nothing to be reached otherwise; TLS asks for its logs. */
    @Override
    public String toString() {
        return "a port of a guest";
    }

    @Override
    public void close() {
        port.close();
    }
}
