-- What wrk counted, as one line of JSON. Given a cookie and addresses it asks for these in turn; one that begins with
-- “member:” with the cookie, and one that ends with “=” with a number that was never there before.
init = function(arguments)
  if #arguments == 0 then return end
  local cookie, turn = table.remove(arguments, 1), 0
  request = function()
    turn = turn + 1
    local path = arguments[(turn - 1) % #arguments + 1]
    local headers = {["Accept-Encoding"] = "gzip, deflate, br"}
    if path:sub(1, 7) == "member:" then
      path, headers["Cookie"] = path:sub(8), cookie
    end
    if path:sub(-1) == "=" then path = path .. turn end
    return wrk.format("GET", path, headers)
  end
end

done = function(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "failed": %d, "p50": %.3f, "p95": %.3f}\n',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3))
end
