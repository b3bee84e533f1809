package io.hypernetes.server.outbound;

import io.hypernetes.api.client.PodAccess.PortStream;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A tenant's connection in the shape of a socket, which is what JDK's TLS is put upon. */
final class StreamSocket extends Socket {
    private final PortStream stream;
    private volatile boolean closed;

    StreamSocket(PortStream stream) {
        this.stream = stream;
    }

    @Override
    public InputStream getInputStream() {
        return stream.input();
    }

    @Override
    public OutputStream getOutputStream() {
        return stream.output();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** There is none: the connection begins inside the guest. */
    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void shutdownInput() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closed = true;
        stream.close();
    }
}
