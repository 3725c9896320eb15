2variable "ips" { default = ["10.0.0.0/8"] }
locals { stage = var.prod ? "prod" : "dev" }
data "aws_iam_policy_document" "d" {
  statement {
    effect = "Allow"
    principals {
      type = "*"
      identifiers = ["*"]
    }
    actions = ["execute-api:Invoke"]
    resources = [for s in ["a", "b"] : "execute-api:/${s}/*"]
    condition {
      test = "IpAddress"
      variable = "aws:SourceIp"
      values = concat(var.ips, [format("%s/32", "10.0.0.1")])
    }
  }
}
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_api_gateway_rest_api" "b" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = join("/", ["execute-api:", local.stage, "*"]) }] })
}
resource "aws_api_gateway_rest_api_policy" "c" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  policy = <<-EOF
    {"Version": "2012-10-17", "Statement": []}
  EOF
}
